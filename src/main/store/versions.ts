import { createHash } from 'node:crypto';
import type { Dataset } from '../../core/contract/datasets.ts';
import type { Version, VersionDetail } from '../../core/contract/versions.ts';
import type { Reader, Writer } from './database.ts';

/** A crop that a version is made of. */
export interface VersionCrop {
  readonly crop: string;
  readonly identity: string;
  readonly dataset: number;
  readonly solver: string;
  readonly side: number;
}

/** A crop of a version and where it lies among the packed crops. */
export interface VersionPlace {
  readonly crop: string;
  /** Index of the identity: 0 and on, in the order of the names. */
  readonly identity: number;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

export type VersionDataset = Pick<Dataset, 'id' | 'name'>;

interface Row {
  readonly id: number;
  readonly hash: string;
  readonly name: string;
  readonly created_at: number;
  readonly images: number;
  readonly identities: number;
  readonly missing: number;
  readonly runs: number;
  readonly datasets: string;
  readonly solvers: string;
  readonly least_side: number;
  readonly most_side: number;
}

const select = `SELECT v.*, (SELECT count(*) FROM run r WHERE r.version_id = v.id) AS runs,
  (SELECT json_group_array(json_object('id', d.dataset_id, 'name', d.name) ORDER BY d.position)
    FROM version_dataset d WHERE d.version_id = v.id) AS datasets
  FROM version v`;

function fromRow(row: Row): Version {
  const { id, hash, name, created_at: createdAt, images, identities, missing, runs } = row;
  const datasets: Version['datasets'] = JSON.parse(row.datasets);
  return { id, hash, name, createdAt, datasets, images, identities, runs, missing };
}

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

/** The newest first. */
export function listVersions(reader: Reader): Version[] {
  return reader.all<Row>(`${select} ORDER BY v.id DESC`).map(fromRow);
}

export function getVersion(reader: Reader, id: number): Version | null {
  const row = reader.get<Row>(`${select} WHERE v.id = ?`, [id]);
  return row === undefined ? null : fromRow(row);
}

export function getVersionDetail(reader: Reader, id: number): VersionDetail | null {
  const row = reader.get<Row>(`${select} WHERE v.id = ?`, [id]);
  if (row === undefined) return null;
  const sizes = reader.all<{ images: number; identities: number }>(
    `SELECT images, count(*) AS identities FROM
       (SELECT count(*) AS images FROM version_item WHERE version_id = ? GROUP BY identity)
     GROUP BY images ORDER BY images`,
    [id],
  );
  return {
    ...fromRow(row),
    sizes: sizes.map(({ images, identities }) => [images, identities] as const),
    ...cropsOf(row),
  };
}

/** The first versions whose hash starts so, by age. */
export function versionsByHash(reader: Reader, start: string): Version[] {
  // A range, so that the index of hashes finds them: “g” is behind every hexadecimal digit.
  return reader
    .all<Row>(`${select} WHERE v.hash >= ? AND v.hash < ? ORDER BY v.id LIMIT 10`, [start, `${start}g`])
    .map(fromRow);
}

export function versionByName(reader: Reader, name: string): Version | null {
  const row = reader.get<Row>(`${select} WHERE v.name = ?`, [name]);
  return row === undefined ? null : fromRow(row);
}

/** Runs that verify on a version besides. Their recipes have whole hashes. */
export function runsVerifyingOn(reader: Reader, hash: string): number {
  const row = reader.get<{ n: number }>(
    `SELECT count(*) AS n FROM run r WHERE EXISTS
       (SELECT 1 FROM json_each(r.recipe, '$.validation.versions') j WHERE j.value = ?)`,
    [hash],
  );
  return row?.n ?? 0;
}

export function renameVersion(writer: Writer, id: number, name: string): void {
  writer.run('UPDATE version SET name = ? WHERE id = ?', [name, id]);
}

export function removeVersion(writer: Writer, id: number): void {
  writer.run('DELETE FROM version WHERE id = ?', [id]);
}

/** The crops of a version that are there, in the order of the list. */
export function versionPlaces(reader: Reader, id: number): VersionPlace[] {
  return reader.all(
    `SELECT i.crop, i.identity, b.file, b.offset, b.length FROM version_item i
     CROSS JOIN blob b ON b.pack = 'crops' AND b.hash = i.crop WHERE i.version_id = ? ORDER BY i.position`,
    [id],
  );
}

/** The identity of each picture of a version that is there, in the order of `versionPlaces`. */
export function versionLabels(reader: Reader, id: number): Int32Array {
  const rows = reader.all<{ identity: number }>(
    'SELECT identity FROM version_item WHERE version_id = ? ORDER BY position',
    [id],
  );
  return Int32Array.from(rows, ({ identity }) => identity);
}

/** How the crops of a version were made. */
export function versionCrops(
  reader: Reader,
  id: number,
): Pick<VersionDetail, 'solvers' | 'cropSides'> | null {
  const row = reader.get<Pick<Row, 'solvers' | 'least_side' | 'most_side'>>(
    'SELECT solvers, least_side, most_side FROM version WHERE id = ?',
    [id],
  );
  return row === undefined ? null : cropsOf(row);
}

function cropsOf(row: Pick<Row, 'solvers' | 'least_side' | 'most_side'>) {
  return { solvers: JSON.parse(row.solvers), cropSides: [row.least_side, row.most_side] as const };
}

/** Names of a version's identities, by their index. */
export function versionIdentities(reader: Reader, id: number): Map<number, string> {
  const rows = reader.all<{ identity: number; name: string }>(
    'SELECT identity, name FROM version_identity WHERE version_id = ?',
    [id],
  );
  return new Map(rows.map(({ identity, name }) => [identity, name]));
}

/** Versions that were made of a dataset, among others. */
export function versionsOfDataset(reader: Reader, dataset: number): number[] {
  return reader
    .all<{ id: number }>('SELECT version_id AS id FROM version_dataset WHERE dataset_id = ?', [dataset])
    .map(({ id }) => id);
}

/**
 * Takes the pictures of a dataset that is about to be erased out of the versions, and names that are left without a
 * picture. What another dataset of the version holds too, under the same name, stays.
 */
export function forgetDatasetItems(writer: Writer, dataset: number): void {
  const elsewhere = `SELECT f.dataset_id FROM face f JOIN person n ON n.id = f.person_id
    WHERE f.crop = i.crop AND f.dataset_id <> :dataset AND f.dataset_id IN
      (SELECT d.dataset_id FROM version_dataset d WHERE d.version_id = i.version_id) AND n.name =
      (SELECT v.name FROM version_identity v WHERE v.version_id = i.version_id AND v.identity = i.identity)`;
  for (const version of versionsOfDataset(writer, dataset)) {
    writer.run(
      `UPDATE version_item AS i SET dataset_id = (${elsewhere} LIMIT 1)
       WHERE i.version_id = :version AND i.dataset_id = :dataset AND EXISTS (${elsewhere})`,
      { version, dataset },
    );
    const { changes } = writer.run('DELETE FROM version_item WHERE version_id = ? AND dataset_id = ?', [
      ...[version, dataset],
    ]);
    writer.run('UPDATE version SET missing = missing + ? WHERE id = ?', [changes, version]);
    writer.run(
      `DELETE FROM version_identity WHERE version_id = ? AND identity NOT IN
         (SELECT identity FROM version_item WHERE version_id = ?)`,
      [version, version],
    );
  }
}
