import { createHash } from 'node:crypto';
import type { Version } from '../../core/contract/versions.ts';
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

/** One that was erased since has no id. */
export type VersionDataset = Version['datasets'][number];

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

/** A crop of a version as its list has it. */
export interface VersionItem extends VersionCrop {
  readonly position: number;
}

/** The list of a version with how its crops were made: as faces say, or, of crops cut anew since, as the version does. */
export function versionItems(reader: Reader, id: number): VersionItem[] {
  const { solver, side } = usualMake(reader, id);
  return reader.all(
    `SELECT i.position, i.crop, n.name AS identity, i.dataset_id AS dataset,
       coalesce((SELECT f.solver FROM face f WHERE f.crop = i.crop LIMIT 1), ?) AS solver,
       coalesce((SELECT f.crop_size FROM face f WHERE f.crop = i.crop LIMIT 1), ?) AS side
     FROM version_item i JOIN version_identity n ON n.version_id = i.version_id AND n.identity = i.identity
     WHERE i.version_id = ? ORDER BY i.position`,
    [solver, side, id],
  );
}

/** The least quality that was asked for when a version was made. */
export function leastQuality(reader: Reader, id: number): number {
  const row = reader.get<{ least: number }>('SELECT min_quality AS least FROM version WHERE id = ?', [id]);
  return row?.least ?? 0;
}

/** How a crop was made, as a face says or as most crops of the version were. */
export function makeOf(
  reader: Reader,
  version: number,
): (crop: string) => Pick<VersionCrop, 'solver' | 'side'> {
  const usual = usualMake(reader, version);
  return (crop) =>
    reader.get<Pick<VersionCrop, 'solver' | 'side'>>(
      'SELECT solver, crop_size AS side FROM face WHERE crop = ? LIMIT 1',
      [crop],
    ) ?? usual;
}

/** The solver of most of a version's crops, and the least side. */
function usualMake(reader: Reader, id: number): Pick<VersionCrop, 'solver' | 'side'> {
  const row = reader.get<{ solvers: string; side: number }>(
    'SELECT solvers, least_side AS side FROM version WHERE id = ?',
    [id],
  );
  const solvers: Record<string, number> = JSON.parse(row?.solvers ?? '{}');
  const [most] = Object.entries(solvers).sort(([, a], [, b]) => b - a);
  return { solver: most?.[0] ?? 'umeyama', side: row?.side ?? 112 };
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
