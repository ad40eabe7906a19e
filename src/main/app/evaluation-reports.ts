import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Output, Parsed } from '../../core/contract/api.ts';
import type { EvaluationCurves } from '../../core/contract/evaluations.ts';
import { evaluationCsv, evaluationJson } from '../../core/report/evaluation-csv.ts';
import { evaluationHtml } from '../../core/report/evaluation-html.ts';
import { evaluationMarkdown } from '../../core/report/evaluation-markdown.ts';
import type { EvaluationReport } from '../../core/report/evaluation-report.ts';
import { writeError } from '../datasets/write-error.ts';
import { writeAtomically } from '../models/files.ts';
import type { Context } from './context.ts';
import { allResults, oneResult } from './evaluation-results.ts';

type Format = Parsed<'evaluations.report'>['format'];

const made: Readonly<Record<Format, (report: EvaluationReport) => string>> = {
  csv: evaluationCsv,
  json: evaluationJson,
  markdown: evaluationMarkdown,
  html: evaluationHtml,
};
const endings: Readonly<Record<Format, string>> = { csv: 'csv', json: 'json', markdown: 'md', html: 'html' };

/** Points of a curve in a drawing. */
export const drawnPoints = 400;

/** Writes a report. `curvesOf`: null where a result has none. Errors: `evaluation/unknown`, those of writing a file. */
export async function writeReport(
  { store, dataDir, version, now }: Pick<Context, 'store' | 'dataDir' | 'version' | 'now'>,
  { evaluations, format, title, path }: Parsed<'evaluations.report'>,
  curvesOf: (evaluation: number) => EvaluationCurves | null,
): Promise<Output<'evaluations.report'>> {
  const at = now();
  const results =
    evaluations === null
      ? allResults(store, null, false)
      : evaluations.map((id) => oneResult(store, id)).sort((a, b) => b.id - a.id);
  const curves = format === 'html' ? results.flatMap(({ id }) => curvesOf(id) ?? []) : [];
  const text = made[format]({ results, curves, version, at, title: title ?? 'Evaluation' });
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const file =
    path === null ? join(dataDir, 'reports', `evaluation-${stamp}.${endings[format]}`) : resolve(path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeAtomically(file, text);
  } catch (thrown) {
    throw writeError(file, thrown);
  }
  return { text, file };
}
