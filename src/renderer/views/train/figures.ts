import type { Evaluation, Run } from '../../../core/contract/runs.ts';
import { count, duration, figure, finePercent, significant } from '../../text/format.ts';
import { farWords, runStateWords, setWords } from '../../text/run-words.ts';
import { farsOf, setsOf } from './validation-lines.ts';

/** What a run came to. */
export interface Outcome {
  readonly run: Run;
  readonly evaluations: readonly Evaluation[];
  /** Seconds that it trained. */
  readonly seconds: number | null;
}

export interface FigureRow {
  readonly name: string;
  readonly cells: readonly string[];
  /** Places of the best; empty where nothing is better than the rest. */
  readonly best: readonly number[];
}

type Better = 'higher' | 'lower' | null;

/** Final figures of runs side by side. */
export function figureRows(outcomes: readonly Outcome[]): readonly FigureRow[] {
  const all = outcomes.flatMap(({ evaluations }) => evaluations);
  const row = (
    name: string,
    better: Better,
    value: (outcome: Outcome) => number | null | undefined,
    format: (value: number) => string,
  ): FigureRow => {
    const values = outcomes.map((outcome) => value(outcome) ?? null);
    const cells = values.map((one) => (one === null ? '–' : format(one)));
    return { name, best: bestPlaces(values, better), cells };
  };
  return [
    { name: 'State', best: [], cells: outcomes.map(({ run }) => runStateWords[run.state]) },
    row('Steps', null, ({ run }) => run.step, count),
    row('Epochs', null, ({ run }) => (run.stepsPerEpoch === 0 ? null : run.step / run.stepsPerEpoch), figure),
    row('Loss at the end', null, ({ run }) => run.loss, significant),
    row('Best accuracy', 'higher', ({ run }) => run.best?.accuracy, finePercent),
    row('… at step', null, ({ run }) => run.best?.step, count),
    ...setsOf(all).flatMap((set) => [
      row(
        `Accuracy at the end, ${setWords(set)}`,
        'higher',
        (one) => lastOf(one, set)?.accuracy,
        finePercent,
      ),
      ...farsOf(all).map((far) =>
        row(
          `TAR at ${farWords(far)}, ${setWords(set)}`,
          'higher',
          (one) => lastOf(one, set)?.tarAtFar.find(([at]) => at === far)?.[1],
          finePercent,
        ),
      ),
    ]),
    row('Trained for', 'lower', ({ seconds }) => seconds, duration),
  ];
}

function lastOf({ evaluations }: Outcome, set: string): Evaluation | undefined {
  return evaluations
    .filter((one) => one.set === set)
    .sort((a, b) => a.step - b.step)
    .at(-1);
}

function bestPlaces(values: readonly (number | null)[], better: Better): readonly number[] {
  const known = values.filter((value) => value !== null);
  if (better === null || known.length < 2) return [];
  const best = better === 'higher' ? Math.max(...known) : Math.min(...known);
  if (known.every((value) => value === best)) return [];
  return values.flatMap((value, i) => (value === best ? [i] : []));
}
