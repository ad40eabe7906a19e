import { assert } from '../../core/base/assert.ts';
import type { Cleaning } from '../../core/contract/cleaning.ts';
import { type NoiseModel, usualLimits } from '../../core/training/label-noise.ts';
import type { Reader, Writer } from './database.ts';

/** What models say of the names in versions. */

/** Similarities by the positions of a version's items; NaN and −1 where there is none. */
export interface CleaningScores {
  readonly own: Float32Array;
  readonly next: Float32Array;
  /** Identity of the nearest other class. */
  readonly nearest: Int32Array;
}

/** Two identities and how like each other they are. */
export type StoredPair = readonly [a: number, b: number, similarity: number];

export interface StoredCleaning {
  readonly id: number;
  readonly version: number;
  readonly model: string;
  readonly createdAt: number;
  readonly noise: NoiseModel;
  readonly pairs: readonly StoredPair[];
}

interface Row {
  readonly id: number;
  readonly version_id: number;
  readonly model: string;
  readonly created_at: number;
  readonly noise: string;
  readonly pairs: string;
  readonly histograms: string;
}

type Histograms = Cleaning['histograms'] & Pick<Cleaning, 'images' | 'alone'>;

/** Crops of a version behind `after` that are there and that the model has not embedded, in their order. */
export function missingVersionCrops(
  reader: Reader,
  model: string,
  version: number,
  after: string,
  limit: number,
): string[] {
  // Positions go by crop, so that the list's own order serves.
  return reader
    .all<{ crop: string }>(
      `SELECT DISTINCT i.crop FROM version_item i WHERE i.version_id = ? AND i.crop > ?
       AND EXISTS (SELECT 1 FROM blob b WHERE b.pack = 'crops' AND b.hash = i.crop)
       AND NOT EXISTS (SELECT 1 FROM embedding e WHERE e.model = ? AND e.crop = i.crop) ORDER BY i.crop LIMIT ?`,
      [version, after, model, limit],
    )
    .map(({ crop }) => crop);
}

export interface EmbeddedItem {
  readonly position: number;
  readonly identity: number;
  /** Of its embedding. */
  readonly row: number;
}

/** The embedded pictures of a version in the order of its list. */
export function embeddedItems(reader: Reader, model: string, version: number): EmbeddedItem[] {
  return reader.all(
    `SELECT i.position, i.identity, e.row FROM version_item i
     CROSS JOIN embedding e ON e.model = ? AND e.crop = i.crop WHERE i.version_id = ? ORDER BY i.position`,
    [model, version],
  );
}

/** Writes what a model says, over what it said before. */
export function saveCleaning(
  writer: Writer,
  cleaning: Omit<StoredCleaning, 'id' | 'createdAt'> & {
    readonly at: number;
    readonly scores: CleaningScores;
    readonly histograms: Histograms;
  },
): number {
  const { version, model, scores } = cleaning;
  writer.run('DELETE FROM cleaning WHERE version_id = ? AND model = ?', [version, model]);
  return writer.run(
    `INSERT INTO cleaning (version_id, model, created_at, own, next, nearest, pairs, noise, histograms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[version, model, cleaning.at, bytes(scores.own), bytes(scores.next), bytes(scores.nearest)],
      ...[JSON.stringify(cleaning.pairs), JSON.stringify(cleaning.noise)],
      JSON.stringify(cleaning.histograms),
    ],
  ).id;
}

const columns = 'id, version_id, model, created_at, noise, pairs, histograms';

/** The newest first. */
export function listCleanings(reader: Reader, version: number): Cleaning[] {
  return reader
    .all<Row>(`SELECT ${columns} FROM cleaning WHERE version_id = ? ORDER BY id DESC`, [version])
    .map((row) => {
      const { id, version: of, model, createdAt, noise } = fromRow(row);
      const { images, alone, ...histograms }: Histograms = JSON.parse(row.histograms);
      const figures = { images, alone, wrong: noise.wrong, limits: usualLimits(noise), histograms };
      return { ...{ id, version: of, model, createdAt }, ...figures };
    });
}

export function getCleaning(reader: Reader, id: number): StoredCleaning | null {
  const row = reader.get<Row>(`SELECT ${columns} FROM cleaning WHERE id = ?`, [id]);
  return row === undefined ? null : fromRow(row);
}

export function cleaningScores(reader: Reader, id: number): CleaningScores {
  const row = reader.get<{ own: Uint8Array; next: Uint8Array; nearest: Uint8Array }>(
    'SELECT own, next, nearest FROM cleaning WHERE id = ?',
    [id],
  );
  assert(row !== undefined, `cleaning ${id}`);
  return {
    own: new Float32Array(copied(row.own)),
    next: new Float32Array(copied(row.next)),
    nearest: new Int32Array(copied(row.nearest)),
  };
}

function fromRow(row: Row): StoredCleaning {
  const { id, version_id: version, model, created_at: createdAt } = row;
  return { id, version, model, createdAt, noise: JSON.parse(row.noise), pairs: JSON.parse(row.pairs) };
}

const bytes = (values: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** SQLite's bytes may begin at an odd place. */
const copied = (value: Uint8Array): ArrayBuffer => new Uint8Array(value).buffer;
