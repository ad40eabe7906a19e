import type { Reader } from './database.ts';

/** Under what the embeddings of a model are kept to which those of the mirrored crops were added: no model's id has a plus. */
export function mirroredModel(model: string): string {
  return `${model}+flip`;
}

const inScope = `f.state = 'kept' AND f.dataset_id IN (SELECT value FROM json_each(?))`;

/** The next crops behind `after` of kept faces in these datasets that the model has not embedded; every crop once. */
export function missingCrops(
  reader: Reader,
  model: string,
  datasets: readonly number[],
  after: string,
  limit: number,
): string[] {
  // Unary plus keeps the planner on the index of crops: any other way would sort all of them for every chunk.
  return reader
    .all<{ crop: string }>(
      `SELECT DISTINCT f.crop FROM face f
       WHERE +f.state = 'kept' AND +f.dataset_id IN (SELECT value FROM json_each(?)) AND f.crop > ?
       AND NOT EXISTS (SELECT 1 FROM embedding e WHERE e.model = ? AND e.crop = f.crop) ORDER BY f.crop LIMIT ?`,
      [JSON.stringify(datasets), after, model, limit],
    )
    .map((row) => row.crop);
}

export function countMissing(reader: Reader, model: string, datasets: readonly number[]): number {
  return (
    reader.get<{ n: number }>(
      `SELECT count(DISTINCT f.crop) AS n FROM face f WHERE ${inScope}
       AND NOT EXISTS (SELECT 1 FROM embedding e WHERE e.model = ? AND e.crop = f.crop)`,
      [JSON.stringify(datasets), model],
    )?.n ?? 0
  );
}

/** A kept face and the row of its embedding. */
export interface EmbeddedFace {
  readonly id: number;
  readonly row: number;
  readonly personId: number | null;
  readonly named: 'label' | 'user' | null;
}

/** Embedded faces in these datasets, by id. */
export function embeddedFaces(reader: Reader, model: string, datasets: readonly number[]): EmbeddedFace[] {
  return reader.all(
    `SELECT f.id, e.row, f.person_id AS personId, f.named FROM face f
     CROSS JOIN embedding e ON e.model = ? AND e.crop = f.crop WHERE ${inScope} ORDER BY f.id`,
    [model, JSON.stringify(datasets)],
  );
}

export function findRow(reader: Reader, model: string, crop: string): number | null {
  return (
    reader.get<{ row: number }>('SELECT row FROM embedding WHERE model = ? AND crop = ?', [model, crop])
      ?.row ?? null
  );
}

/** Which of these crops the model has not embedded. */
export function withoutEmbedding(reader: Reader, model: string, crops: readonly string[]): string[] {
  return reader
    .all<{ crop: string }>(
      `SELECT value AS crop FROM json_each(?) WHERE NOT EXISTS
         (SELECT 1 FROM embedding e WHERE e.model = ? AND e.crop = value)`,
      [JSON.stringify(crops), model],
    )
    .map((row) => row.crop);
}
