import type { EvaluationResult } from '../../../core/contract/evaluations.ts';
import { publishedAs, publishedRows } from '../../../core/report/published.ts';
import type { MatrixSort } from '../../state/evaluate.svelte.ts';
import { mainFigure, points, type Variant, variantOf, variants } from '../../text/evaluation-words.ts';

/** A benchmark by one protocol. */
export interface MatrixColumn {
  readonly key: string;
  readonly benchmark: string;
  readonly variant: Variant;
}

/** A network with its results, or a line of one of the papers. */
export interface MatrixRow {
  readonly key: string;
  readonly name: string;
  readonly more: string;
  readonly published: boolean;
  /** By column, 0..1; null where it was not measured. */
  readonly values: readonly (number | null)[];
  readonly results: readonly (EvaluationResult | null)[];
}

export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
}

const byName = new Intl.Collator(undefined, { numeric: true }).compare;

/** One benchmark stays one while its list changes: results on what it was are marked as outdated. */
function benchmarkKey({ benchmark }: EvaluationResult): string {
  return benchmark.id === null ? benchmark.hash : String(benchmark.id);
}

/** Networks × benchmarks; by one protocol, or by all that something was measured by. */
export function matrixOf(
  results: readonly EvaluationResult[],
  variant: Variant | null,
  published: boolean,
): Matrix {
  const shown = results.filter((result) => variant === null || variantOf(result) === variant);
  const columns = new Map<string, MatrixColumn>();
  for (const result of shown) {
    const own = variantOf(result);
    const key = `${benchmarkKey(result)} ${own}`;
    if (!columns.has(key)) columns.set(key, { key, benchmark: result.benchmark.name, variant: own });
  }
  const ordered = [...columns.values()].sort(
    (a, b) =>
      byName(a.benchmark, b.benchmark) ||
      byName(a.key.split(' ')[0] ?? '', b.key.split(' ')[0] ?? '') ||
      variants.indexOf(a.variant) - variants.indexOf(b.variant),
  );
  const place = new Map(ordered.map(({ key }, i) => [key, i]));
  const rows = [...Map.groupBy(shown, ({ subject }) => subject.hash)].flatMap(([key, own]): MatrixRow[] => {
    const [first] = own;
    if (first === undefined) return [];
    const cells: (EvaluationResult | null)[] = ordered.map(() => null);
    // The newest comes first in the list, and stays.
    for (const result of own) {
      const at = place.get(`${benchmarkKey(result)} ${variantOf(result)}`) ?? 0;
      cells[at] ??= result;
    }
    return [
      {
        ...{ key, name: first.subject.name, more: subjectWords(first), published: false },
        values: cells.map((result) => (result === null ? null : (mainFigure(result)?.value ?? null))),
        results: cells,
      },
    ];
  });
  return { columns: ordered, rows: published ? [...rows, ...references(ordered)] : rows };
}

function subjectWords({ subject }: EvaluationResult): string {
  if (subject.run !== null) return `run “${subject.run.name}”, step ${subject.run.step.toLocaleString()}`;
  return subject.models.length > 1 ? `${subject.models.length} networks together` : '';
}

/** The papers' lines that have a number in one of the columns. */
function references(columns: readonly MatrixColumn[]): MatrixRow[] {
  const names = columns.map(({ benchmark }) => publishedAs(benchmark));
  return publishedRows.flatMap((row, i): MatrixRow[] => {
    const values = columns.map(({ variant }, at): number | null => {
      const name = names[at] ?? null;
      const percent = name === null || variant !== row.protocol ? undefined : row.percent[name];
      return percent === undefined ? null : percent / 100;
    });
    if (values.every((value) => value === null)) return [];
    return [
      {
        ...{ key: `published-${i}`, name: row.name, more: `published by ${row.paper}`, published: true },
        ...{ values, results: values.map(() => null) },
      },
    ];
  });
}

/** What was not measured comes last, whichever way it is sorted; equal ones by name. */
export function sortedRows({ columns, rows }: Matrix, { column, down }: MatrixSort): readonly MatrixRow[] {
  const at = columns.findIndex(({ key }) => key === column);
  const way = down ? -1 : 1;
  if (at === -1) {
    // By name the papers' lines come last; by a number each stands where it belongs.
    return [...rows].sort(
      (a, b) =>
        Number(a.published) - Number(b.published) || way * byName(a.name, b.name) || byName(a.more, b.more),
    );
  }
  return [...rows].sort((a, b) => {
    const [one, two] = [a.values[at] ?? null, b.values[at] ?? null];
    if (one === null || two === null)
      return Number(one === null) - Number(two === null) || byName(a.name, b.name);
    return way * (one - two) || byName(a.name, b.name);
  });
}

/** Key of the best network of each column; null where there is nothing to compare, or two are shown with the same number. */
export function bestRows({ columns, rows }: Matrix): readonly (string | null)[] {
  const own = rows.filter(({ published }) => !published);
  return columns.map((_, at) => {
    const measured = own.flatMap(({ key, values }) => {
      const value = values[at] ?? null;
      return value === null ? [] : [{ key, value }];
    });
    const [first, second] = measured.sort((a, b) => b.value - a.value);
    if (first === undefined || second === undefined) return null;
    return points(first.value) === points(second.value) ? null : first.key;
  });
}
