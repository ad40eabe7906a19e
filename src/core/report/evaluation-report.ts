import type { EvaluationCurves, EvaluationResult } from '../contract/evaluations.ts';
import { protocols } from '../metrics/protocols.ts';
import { headline, protocolName } from './evaluation-words.ts';
import { type PublishedRow, publishedAs, publishedRows } from './published.ts';

/** What a report is made of. */
export interface EvaluationReport {
  readonly title: string;
  readonly results: readonly EvaluationResult[];
  /** To draw; of a result that has none here, nothing is drawn. */
  readonly curves: readonly EvaluationCurves[];
  /** Lineament's version. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A column of the matrix: a benchmark by a protocol. */
export interface MatrixColumn {
  readonly benchmark: string;
  /** Of the benchmark, hexadecimal: two of one name are told apart by it. */
  readonly hash: string;
  readonly protocol: string;
}

export interface MatrixRow {
  readonly name: string;
  /** Of the subject, hexadecimal. */
  readonly hash: string;
  /** In the order of the columns; null where it was not measured. */
  readonly results: readonly (EvaluationResult | null)[];
}

/** A row of a paper, in per cent; null where it reports nothing. */
export interface ReferenceRow {
  readonly name: string;
  readonly percent: readonly (number | null)[];
}

export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
  readonly references: readonly ReferenceRow[];
}

const columnKey = ({ benchmark, protocol, options }: EvaluationResult): string =>
  JSON.stringify([benchmark.name, benchmark.hash, Object.keys(protocols).indexOf(protocol), options.flip]);

/** Names that tell all subjects apart: those of one name get the first characters of their hash. */
function namesOf(subjects: readonly EvaluationResult['subject'][]): Map<string, string> {
  const hashes = new Map(subjects.map(({ hash, name }) => [hash, name]));
  const counts = Map.groupBy(hashes, ([, name]) => name);
  return new Map(
    [...hashes].map(([hash, name]) => [
      hash,
      (counts.get(name)?.length ?? 0) > 1 ? `${name} (${hash.slice(0, 8)})` : name,
    ]),
  );
}

function references(columns: readonly (readonly [string, EvaluationResult])[]): ReferenceRow[] {
  const percentOf = ({ paper: _, protocol, percent }: PublishedRow): (number | null)[] =>
    columns.map(([, { benchmark, protocol: by }]) => {
      const known = publishedAs(benchmark.name);
      return known === null || by !== protocol ? null : (percent[known] ?? null);
    });
  return publishedRows.flatMap((row) => {
    const percent = percentOf(row);
    return percent.some((value) => value !== null) ? [{ name: `${row.paper}: ${row.name}`, percent }] : [];
  });
}

/** Results as a table of subjects by benchmarks and protocols, the best first by its first column. */
export function matrixOf(results: readonly EvaluationResult[]): Matrix {
  // Of several measurements of one thing the newest stands; they come newest first.
  const first = new Map<string, EvaluationResult>();
  for (const result of results) if (!first.has(columnKey(result))) first.set(columnKey(result), result);
  const columns = [...first].sort(([a], [b]) => (a < b ? -1 : 1));
  const names = namesOf(results.map(({ subject }) => subject));
  const rows = [...names].map(([hash, name]): MatrixRow => {
    const own = results.filter(({ subject }) => subject.hash === hash);
    const newest = (key: string): EvaluationResult | null =>
      own.find((result) => columnKey(result) === key) ?? null;
    return { name, hash, results: columns.map(([key]) => newest(key)) };
  });
  const rank = ({ results: all }: MatrixRow): number => {
    const [leading] = all;
    return leading === null || leading === undefined ? -1 : (headline(leading) ?? -1);
  };
  return {
    rows: rows.sort((a, b) => rank(b) - rank(a)),
    columns: columns.map(([, result]) => ({
      ...{ benchmark: result.benchmark.name, hash: result.benchmark.hash },
      protocol: protocolName(result),
    })),
    references: references(columns),
  };
}

/** Results by benchmark, then protocol, then model, each as the matrix has them; of one thing the newest stays first. */
export function inMatrixOrder(results: readonly EvaluationResult[]): readonly EvaluationResult[] {
  const places = new Map(matrixOf(results).rows.map(({ hash }, place) => [hash, place]));
  return results
    .map((result) => ({ result, key: columnKey(result), place: places.get(result.subject.hash) ?? 0 }))
    .sort((a, b) => (a.key === b.key ? a.place - b.place : a.key < b.key ? -1 : 1))
    .map(({ result }) => result);
}
