import type { Evaluation } from '../../../core/contract/runs.ts';
import { type ChartLine, type LineStyle, lineStyle } from '../../parts/chart/line.ts';
import { farWords, setWords } from '../../text/run-words.ts';

/** Names of the sets, in the order in which they were first verified on. */
export function setsOf(evaluations: readonly Evaluation[]): readonly string[] {
  return [...new Set(evaluations.map(({ set }) => set))];
}

/** False accept rates that were measured, the largest first. */
export function farsOf(evaluations: readonly Evaluation[]): readonly number[] {
  const all = new Set(evaluations.flatMap(({ tarAtFar }) => tarAtFar.map(([far]) => far)));
  return [...all].sort((a, b) => b - a);
}

type Place = (step: number) => number;
type Labelled = LineStyle & { readonly id: string; readonly label: string };

export function accuracyLine(
  evaluations: readonly Evaluation[],
  set: string,
  place: Place,
  style: Labelled,
): ChartLine {
  const of = ofSet(evaluations, set);
  return {
    ...style,
    dots: true,
    points: { x: of.map(({ step }) => place(step)), y: of.map(({ accuracy }) => accuracy) },
    deviation: of.map(({ deviation }) => deviation),
  };
}

export function tarLine(
  evaluations: readonly Evaluation[],
  set: string,
  far: number,
  place: Place,
  style: Labelled,
): ChartLine {
  const of = ofSet(evaluations, set).flatMap(({ step, tarAtFar }) => {
    const found = tarAtFar.find(([at]) => at === far);
    return found === undefined ? [] : [{ step, tar: found[1] }];
  });
  return {
    ...style,
    dots: true,
    points: { x: of.map(({ step }) => place(step)), y: of.map(({ tar }) => tar) },
  };
}

export function accuracyLines(evaluations: readonly Evaluation[], place: Place): readonly ChartLine[] {
  return setsOf(evaluations).map((set, i) =>
    accuracyLine(evaluations, set, place, { ...lineStyle(i), id: set, label: setWords(set) }),
  );
}

export function tarLines(
  evaluations: readonly Evaluation[],
  set: string,
  place: Place,
): readonly ChartLine[] {
  return farsOf(evaluations).map((far, i) =>
    tarLine(evaluations, set, far, place, { ...lineStyle(i), id: String(far), label: farWords(far) }),
  );
}

function ofSet(evaluations: readonly Evaluation[], set: string): readonly Evaluation[] {
  return evaluations.filter((one) => one.set === set).sort((a, b) => a.step - b.step);
}
