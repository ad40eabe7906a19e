import { assert } from '../../../core/base/assert.ts';
import { error, hasCode } from '../../../core/base/errors.ts';
import type { EvaluationCurves } from '../../../core/contract/evaluations.ts';
import { protocols } from '../../../core/metrics/protocols.ts';
import { evaluationCurves } from '../../../core/report/evaluation-curves.ts';
import { countedPlaces } from '../../../core/report/verification-figures.ts';
import { removeResults } from '../../store/evaluations.ts';
import { abortSignal } from '../abort.ts';
import { requireReady } from '../benchmarks.ts';
import { markBenchmarkPairs } from '../benchmarks-mark.ts';
import type { Context } from '../context.ts';
import { failuresAt, pointAt } from '../evaluation-failures.ts';
import { drawnPoints, writeReport } from '../evaluation-reports.ts';
import { allResults, oneResult, requireResult } from '../evaluation-results.ts';
import { openScores } from '../evaluation-scores.ts';
import { type EvaluationWish, type SubjectNeeds, subjectOf } from '../evaluation-subjects.ts';
import { findLeaks } from '../leaks.ts';
import type { JobQueue } from '../queue.ts';
import { chooseCheckpoint } from '../runs-checkpoints.ts';
import type { Part } from './part.ts';

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

export function evaluationHandlers(
  context: Context,
  { queue, runs }: Pick<SubjectNeeds, 'runs'> & { readonly queue: JobQueue },
): Part<'evaluations'> {
  const { store, events } = context;
  const scores = openScores(store);

  /** What is wished, in words; refuses what is known to be impossible before it is queued. */
  const titleOf = (wish: EvaluationWish): string => {
    const names = [...wish.models.map((id) => [id]), ...wish.ensembles].map(
      (models) => subjectOf(context, { runs }, models).subject.name,
    );
    for (const { run, checkpoint } of wish.runs) {
      const stored = runs.require(run);
      chooseCheckpoint(context, stored, checkpoint === 'all' ? 'last' : checkpoint);
      names.push(stored.name);
    }
    names.push(...wish.files);
    const [first, second] = names;
    if (first === undefined) throw error('evaluation/nothing-to-measure');
    const benchmarks = wish.benchmarks.map((id) => requireReady(store, id).name);
    const what = second === undefined ? first : plural(names.length, 'network');
    const where = benchmarks.length === 1 ? benchmarks[0] : plural(benchmarks.length, 'benchmark');
    return `Measure ${what} on ${where}`.slice(0, 200);
  };

  /** Errors: `evaluation/unknown`, `evaluation/no-pairs`. */
  const curvesOf = (id: number, points: number): EvaluationCurves => {
    const { curves, ...told } = requireResult(store, id).figures;
    if (curves !== null) return { id, ...curves };
    assert(told.verification !== null, `measurement ${id} has scores`);
    const { pairs, result, ...stored } = scores.open(id);
    const at = countedPlaces(stored);
    const counted = {
      scores: Array.from(at, (i) => stored.scores[i] ?? 0),
      same: Array.from(at, (i) => pairs.same[i] ?? 0),
    };
    return { id, ...evaluationCurves(counted, protocols[result.protocol].score, points) };
  };

  return {
    'evaluations.start': (wish) =>
      queue.add({
        ...{ kind: 'evaluate', title: titleOf(wish), datasetId: null, input: wish, unit: 'pictures' },
      }),
    'evaluations.list': ({ benchmark, all }) => allResults(store, benchmark, all),
    'evaluations.get': ({ evaluation }) => oneResult(store, evaluation),
    'evaluations.remove': ({ evaluations }) => {
      for (const id of evaluations) requireResult(store, id);
      store.write((writer) => removeResults(writer, evaluations));
      events.changed('evaluations');
    },
    'evaluations.curves': ({ evaluations, points }) => evaluations.map((id) => curvesOf(id, points)),
    'evaluations.at': ({ evaluation, at }) => pointAt(scores.open(evaluation), at),
    'evaluations.failures': (wish) => failuresAt(store, scores.open(wish.evaluation), wish),
    'evaluations.mark': (wish) => markBenchmarkPairs(context, wish),
    'evaluations.leaks': async ({ benchmark, version }, { signal, progress }) => {
      const report = {
        signal: abortSignal(signal),
        progress: (done: number, total: number | null) => progress({ done, total, detail: 'pictures' }),
      };
      return (await findLeaks(context, benchmark, version, report)).report;
    },
    'evaluations.report': (wish) =>
      writeReport(context, wish, (id) => {
        try {
          return curvesOf(id, drawnPoints);
        } catch (thrown) {
          // The figures stand also where the benchmark is there no more.
          if (hasCode(thrown, 'evaluation/no-pairs')) return null;
          throw thrown;
        }
      }),
  };
}
