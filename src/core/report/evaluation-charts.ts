import type { EvaluationCurves, EvaluationResult } from '../contract/evaluations.ts';
import { type ChartAxis, lineChart } from './chart.ts';
import { headline, rateText } from './evaluation-words.ts';
import { type Html, html } from './html.ts';
import { percent } from './words.ts';

/** Curves in one drawing: more can't be told apart. */
export const mostCurves = 8;

interface Drawn {
  readonly name: string;
  readonly roc: EvaluationCurves['roc'];
}

/** Powers of ten from the lowest share above 0 to 1, along an axis of their logarithms. */
function powers(shares: readonly number[], title: string): ChartAxis {
  const lowest = Math.min(0.1, ...shares.filter((share) => share > 0));
  const from = Math.max(-9, Math.floor(Math.log10(lowest) + 1e-9));
  return {
    ...{ title, from, to: 0, text: (power) => (power === 0 ? '1' : rateText(10 ** power)) },
    ticks: Array.from({ length: 1 - from }, (_, i) => from + i),
  };
}

const along = (axis: ChartAxis, share: number): number =>
  share > 0 ? Math.max(axis.from, Math.log10(share)) : axis.from;

function shares({ roc }: Drawn, place: 0 | 1): number[] {
  return roc.map((point) => point[place]);
}

/** True accepts over false ones, these by powers of ten. */
export function rocDrawing(curves: readonly Drawn[]): Html {
  const x = powers(
    curves.flatMap((curve) => shares(curve, 0)),
    'false accepts',
  );
  const least = Math.min(...curves.flatMap((curve) => shares(curve, 1)).filter((share) => share > 0));
  const from = least > 0.9 ? 0.9 : least > 0.5 ? 0.5 : 0;
  const step = (1 - from) / 5;
  return lineChart({
    title: 'ROC',
    about: `True accepts over false accepts of ${curves.map(({ name }) => name).join(', ')}`,
    x,
    y: {
      ...{ title: 'true accepts', from, to: 1, text: (value) => percent(value, from === 0.9 ? 1 : 0) },
      ticks: Array.from({ length: 6 }, (_, i) => from + i * step),
    },
    lines: curves.map(({ name, roc }, i) => ({
      ...{ name, dashed: i >= mostCurves / 2 },
      points: roc.map(([far, tar]) => [along(x, far), Math.max(from, tar)] as const),
    })),
  });
}

/** False rejects over false accepts, both by powers of ten (Martin et al. 1997). */
export function detDrawing(curves: readonly Drawn[]): Html {
  const x = powers(
    curves.flatMap((curve) => shares(curve, 0)),
    'false accepts',
  );
  const y = powers(
    curves.flatMap((curve) => shares(curve, 1).map((share) => 1 - share)),
    'false rejects',
  );
  return lineChart({
    title: 'DET',
    about: `False rejects over false accepts of ${curves.map(({ name }) => name).join(', ')}`,
    ...{ x, y },
    lines: curves.map(({ name, roc }, i) => ({
      ...{ name, dashed: i >= mostCurves / 2 },
      points: roc.map(([far, tar]) => [along(x, far), along(y, 1 - tar)] as const),
    })),
  });
}

/** Both drawings of results on one benchmark by one protocol, the best `mostCurves` of them; nothing where none has a curve. */
export function curveDrawings(
  results: readonly EvaluationResult[],
  curves: readonly EvaluationCurves[],
  nameOf: (result: EvaluationResult) => string,
): Html {
  const known = new Map(curves.map((curve) => [curve.id, curve.roc]));
  const drawn = results
    .toSorted((a, b) => (headline(b) ?? -1) - (headline(a) ?? -1))
    .flatMap((result): Drawn[] => {
      const roc = known.get(result.id) ?? [];
      return roc.length < 2 ? [] : [{ name: nameOf(result), roc }];
    });
  if (drawn.length === 0) return { html: '' };
  const best = drawn.slice(0, mostCurves);
  const more =
    drawn.length > best.length
      ? html`<p class="muted">The best ${mostCurves} of ${drawn.length} are drawn.</p>`
      : { html: '' };
  return html`<div class="charts">${rocDrawing(best)}${detDrawing(best)}</div>${more}`;
}
