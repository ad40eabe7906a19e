import type {
  EvaluationCurves,
  EvaluationOptions,
  EvaluationResult,
  ProtocolName,
  Subject,
} from '../../core/contract/evaluations.ts';
import type { Reader, Value, Writer } from './database.ts';

/** Measurements. They outlive the models and benchmarks that they are of. */

/** Why a pair is in no figure: a picture of it has no crop, the user marked it, the training data shares it. */
export const leftOut = { no: 0, lost: 1, marked: 2, leaked: 3 } as const;

/** What a measurement found. */
export interface StoredFigures
  extends Pick<
    EvaluationResult,
    | 'pairs'
    | 'lost'
    | 'marked'
    | 'leaked'
    | 'verification'
    | 'groups'
    | 'identification'
    | 'withAll'
    | 'leak'
    | 'seconds'
    | 'embedded'
  > {
  /** Hash of the pairs that were marked as mislabelled then. */
  readonly marks: string;
  /** Where there are no scores by pair; null where they give the curves. */
  readonly curves: Omit<EvaluationCurves, 'id'> | null;
}

export interface StoredResult {
  readonly id: number;
  readonly subject: Subject;
  readonly benchmark: EvaluationResult['benchmark'];
  readonly protocol: ProtocolName;
  readonly options: EvaluationOptions;
  readonly createdAt: number;
  readonly figures: StoredFigures;
}

/** By pair in the benchmark's order. */
export interface StoredScores {
  /** In the protocol's own score; NaN where a pair has none. [n] */
  readonly scores: Float32Array;
  /** A number of `leftOut`. [n] */
  readonly leftOut: Uint8Array;
}

interface Row {
  readonly id: number;
  readonly subject: string;
  readonly benchmark_id: number | null;
  readonly benchmark_name: string;
  readonly benchmark_hash: string;
  readonly benchmark_kind: EvaluationResult['benchmark']['kind'];
  readonly protocol: ProtocolName;
  readonly options: string;
  readonly created_at: number;
  readonly figures: string;
}

const columns = `r.id, r.subject, r.benchmark_id, ifnull(b.name, r.benchmark_name) AS benchmark_name,
  r.benchmark_hash, r.benchmark_kind, r.protocol, r.options, r.created_at, r.figures`;
const from = 'evaluation_result r LEFT JOIN benchmark b ON b.id = r.benchmark_id';

function resultOf(row: Row): StoredResult {
  return {
    id: row.id,
    subject: JSON.parse(row.subject),
    benchmark: {
      id: row.benchmark_id,
      name: row.benchmark_name,
      hash: row.benchmark_hash,
      kind: row.benchmark_kind,
    },
    protocol: row.protocol,
    options: JSON.parse(row.options),
    createdAt: row.created_at,
    figures: JSON.parse(row.figures),
  };
}

const bytesOf = (values: Float32Array | Uint8Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** `scores`: null where the benchmark has no pairs of pictures. The result is its id. */
export function addResult(
  writer: Writer,
  result: Omit<StoredResult, 'id'>,
  scores: StoredScores | null,
): number {
  const { subject, benchmark, protocol, options, createdAt, figures } = result;
  const values: Value[] = [
    ...[subject.hash, JSON.stringify(subject)],
    ...[benchmark.id, benchmark.name, benchmark.hash, benchmark.kind],
    ...[protocol, JSON.stringify(options), createdAt, JSON.stringify(figures)],
    ...[scores && bytesOf(scores.scores), scores && bytesOf(scores.leftOut)],
  ];
  return writer.run(
    `INSERT INTO evaluation_result (subject_hash, subject, benchmark_id, benchmark_name, benchmark_hash,
       benchmark_kind, protocol, options, created_at, figures, scores, left_out)
     VALUES (${values.map(() => '?').join(', ')})`,
    values,
  ).id;
}

export function getResult(reader: Reader, id: number): StoredResult | null {
  const row = reader.get<Row>(`SELECT ${columns} FROM ${from} WHERE r.id = ?`, [id]);
  return row === undefined ? null : resultOf(row);
}

/** The newest first; of one benchmark, or of all. */
export function listResults(reader: Reader, benchmark: number | null = null): StoredResult[] {
  const where = benchmark === null ? '' : 'WHERE r.benchmark_id = ?';
  return reader
    .all<Row>(
      `SELECT ${columns} FROM ${from} ${where} ORDER BY r.id DESC`,
      benchmark === null ? [] : [benchmark],
    )
    .map(resultOf);
}

/** Measurements of a subject on a benchmark as it was with this hash, the newest first. */
export function resultsOf(
  reader: Reader,
  subjectHash: string,
  benchmarkHash: string,
  protocol: ProtocolName,
): StoredResult[] {
  return reader
    .all<Row>(
      `SELECT ${columns} FROM ${from}
       WHERE r.subject_hash = ? AND r.benchmark_hash = ? AND r.protocol = ? ORDER BY r.id DESC`,
      [subjectHash, benchmarkHash, protocol],
    )
    .map(resultOf);
}

/** Null where the measurement has no scores by pair. */
export function resultScores(reader: Reader, id: number): StoredScores | null {
  const row = reader.get<{ scores: Uint8Array | null; left_out: Uint8Array | null }>(
    'SELECT scores, left_out FROM evaluation_result WHERE id = ?',
    [id],
  );
  if (!row?.scores || !row.left_out) return null;
  // The database's buffers may begin anywhere: floats need a copy that begins where a float may.
  return {
    scores: new Float32Array(Uint8Array.from(row.scores).buffer),
    leftOut: Uint8Array.from(row.left_out),
  };
}

export function removeResults(writer: Writer, ids: readonly number[]): void {
  writer.run('DELETE FROM evaluation_result WHERE id IN (SELECT value FROM json_each(?))', [
    JSON.stringify(ids),
  ]);
}
