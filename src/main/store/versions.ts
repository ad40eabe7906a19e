import type { Version, VersionDetail } from '../../core/contract/versions.ts';
import type { Reader, Writer } from './database.ts';
import { forgetDatasetChanges } from './version-changes.ts';

/** A crop of a version and where it lies among the packed crops. */
export interface VersionPlace {
  readonly crop: string;
  /** Index of the identity: 0 and on, in the order of the names. */
  readonly identity: number;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

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
  readonly cleaned_from: string | null;
  readonly solvers: string;
  readonly least_side: number;
  readonly most_side: number;
}

const select = `SELECT v.*, (SELECT count(*) FROM run r WHERE r.version_id = v.id) AS runs,
  (SELECT json_group_array(json_object('id', d.dataset_id, 'name', d.name) ORDER BY d.position)
    FROM version_dataset d WHERE d.version_id = v.id) AS datasets,
  (SELECT json_object('id', c.parent_id, 'name', c.parent_name) FROM version_cleaning c WHERE c.version_id = v.id)
    AS cleaned_from
  FROM version v`;

function fromRow(row: Row): Version {
  const { id, hash, name, created_at: createdAt, images, identities, missing, runs } = row;
  const datasets: Version['datasets'] = JSON.parse(row.datasets);
  const cleanedFrom: Version['cleanedFrom'] = JSON.parse(row.cleaned_from ?? 'null');
  return { id, hash, name, createdAt, datasets, images, identities, runs, missing, cleanedFrom };
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
  forgetDatasetChanges(writer, dataset);
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
