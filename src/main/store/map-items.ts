import type { MapItem } from '../../core/maps/choose.ts';
import type { Reader } from './database.ts';

/** A benchmark's crops whose people its list names. */
export function benchmarkPeople(reader: Reader, benchmark: number): MapItem[] {
  return reader.all(
    `SELECT crop, person FROM benchmark_image
     WHERE benchmark_id = ? AND crop IS NOT NULL AND person IS NOT NULL ORDER BY position`,
    [benchmark],
  );
}

/** Those of the items whose crops are still kept. */
export function keptItems(reader: Reader, items: readonly MapItem[]): MapItem[] {
  const kept = new Set(
    reader
      .all<{ hash: string }>(
        `SELECT b.hash FROM blob b JOIN json_each(?) w ON b.hash = w.value WHERE b.pack = 'crops'`,
        [JSON.stringify(items.map(({ crop }) => crop))],
      )
      .map(({ hash }) => hash),
  );
  return items.filter(({ crop }) => kept.has(crop));
}
