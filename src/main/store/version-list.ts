import { createHash } from 'node:crypto';
import type { Dataset } from '../../core/contract/datasets.ts';
import type { Reader, Writer } from './database.ts';

/** The list that a version is: how it is gathered, hashed and written. */

/** A crop that a version is made of. */
export interface VersionCrop {
  readonly crop: string;
  readonly identity: string;
  readonly dataset: number;
  readonly solver: string;
  readonly side: number;
}

export type VersionDataset = Pick<Dataset, 'id' | 'name'>;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The list of a version as it is hashed: by crop, then name, in the order of UTF-16; each pair once. */
export function canonical(crops: readonly VersionCrop[]): VersionCrop[] {
  const sorted = crops.toSorted((a, b) => byText(a.crop, b.crop) || byText(a.identity, b.identity));
  return sorted.filter((item, i) => {
    const before = sorted[i - 1];
    return before === undefined || before.crop !== item.crop || before.identity !== item.identity;
  });
}

/** SHA-256, hexadecimal, of a canonical list: a line of crop and name (as JSON) for each. */
export function versionHash(list: readonly VersionCrop[]): string {
  const hash = createHash('sha256').update('lineament version 1\n');
  const stretch = 4096; // lines at a time: a text of a million would be long
  for (let start = 0; start < list.length; start += stretch) {
    const lines = list.slice(start, start + stretch);
    hash.update(lines.map(({ crop, identity }) => `${crop} ${JSON.stringify(identity)}\n`).join(''));
  }
  return hash.digest('hex');
}

/** The kept, named faces of these datasets. */
export function namedCrops(reader: Reader, datasets: readonly number[], minQuality: number): VersionCrop[] {
  return reader.all(
    `SELECT f.crop, n.name AS identity, f.dataset_id AS dataset, f.solver, f.crop_size AS side
     FROM face f JOIN person n ON n.id = f.person_id
     WHERE f.dataset_id IN (SELECT value FROM json_each(?)) AND f.state = 'kept' AND f.overall >= ?`,
    [JSON.stringify(datasets), minQuality],
  );
}

/** The names in a list, in the order of UTF-16. */
function identitiesOf(list: readonly VersionCrop[]): string[] {
  return [...new Set(list.map(({ identity }) => identity))].sort(byText);
}

/** Writes a version of a canonical list that is not empty. */
export function addVersion(
  writer: Writer,
  version: {
    readonly hash: string;
    readonly name: string;
    readonly at: number;
    readonly minQuality: number;
    readonly datasets: readonly VersionDataset[];
  },
  list: readonly VersionCrop[],
): number {
  const solvers: Record<string, number> = {};
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const { solver, side } of list) {
    solvers[solver] = (solvers[solver] ?? 0) + 1;
    least = Math.min(least, side);
    most = Math.max(most, side);
  }
  const { id } = writer.run(
    `INSERT INTO version (hash, name, created_at, min_quality, images, identities, solvers, least_side, most_side)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[version.hash, version.name, version.at, version.minQuality, list.length, identitiesOf(list).length],
      ...[JSON.stringify(solvers), least, most],
    ],
  );
  addContent(writer, id, version.datasets, list);
  return id;
}

/** Writes what erasing took out of a version again; `list` is the one of its hash, as it was. */
export function refillVersion(
  writer: Writer,
  id: number,
  datasets: readonly VersionDataset[],
  list: readonly VersionCrop[],
): void {
  for (const table of ['version_dataset', 'version_identity', 'version_item'])
    writer.run(`DELETE FROM ${table} WHERE version_id = ?`, [id]);
  addContent(writer, id, datasets, list);
  writer.run('UPDATE version SET missing = 0 WHERE id = ?', [id]);
}

function addContent(
  writer: Writer,
  id: number,
  datasets: readonly VersionDataset[],
  list: readonly VersionCrop[],
): void {
  const names = identitiesOf(list);
  for (const [position, dataset] of datasets.entries()) {
    writer.run('INSERT INTO version_dataset (version_id, position, dataset_id, name) VALUES (?, ?, ?, ?)', [
      ...[id, position, dataset.id, dataset.name],
    ]);
  }
  for (const [identity, name] of names.entries()) {
    writer.run('INSERT INTO version_identity (version_id, identity, name) VALUES (?, ?, ?)', [
      ...[id, identity, name],
    ]);
  }
  const numbers = new Map(names.map((name, identity) => [name, identity]));
  for (const [position, item] of list.entries()) {
    writer.run(
      'INSERT INTO version_item (version_id, position, crop, identity, dataset_id) VALUES (?, ?, ?, ?, ?)',
      [id, position, item.crop, numbers.get(item.identity) ?? 0, item.dataset],
    );
  }
}
