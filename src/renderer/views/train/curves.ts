import { wordsOf } from '../../../core/training/figures.ts';
import { metricColumns } from '../../../core/training/metrics.ts';
import type { ChartLine, LineStyle } from '../../parts/chart/line.ts';
import { smoothed } from '../../parts/chart/smooth.ts';
import type { AxisKind } from '../../parts/chart/ticks.ts';
import type { RunFrame } from '../../state/run-frame.ts';
import { figure, finePercent, significant, similarity } from '../../text/format.ts';

interface Values {
  readonly y: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
}

/** Something that was measured at every step, as a chart shows it. */
export interface Curve {
  readonly id: string;
  readonly title: string;
  /** Among several in one chart. */
  readonly label: string;
  readonly kind: AxisKind;
  readonly format: (value: number) => string;
  /** Whether a logarithmic axis makes sense. */
  readonly log: boolean;
  /** Whether it jumps from batch to batch, so that smoothing says more. */
  readonly noisy: boolean;
  values(frame: RunFrame, imagesPerStep: number): Values;
}

function column(name: string): Curve['values'] {
  return (frame) => {
    const found = frame.columns[name];
    return found === undefined ? { y: [] } : { y: found.mean, low: found.min, high: found.max };
  };
}

const plain = { kind: 'number', format: significant, log: false, noisy: true } as const;
const shareOf = { ...plain, kind: 'share', format: finePercent } as const;

export const curves = {
  loss: { ...plain, id: 'loss', title: 'Loss', label: 'Loss', log: true, values: column('loss') },
  rate: {
    ...{ ...plain, id: 'rate', title: 'Learning rate', label: 'Learning rate' },
    ...{ log: true, noisy: false, values: column('rate') },
  },
  top1: {
    ...{ ...shareOf, id: 'top1', title: 'Recognised in training, first guess', label: 'First guess' },
    values: column('top1'),
  },
  top5: {
    ...{ ...shareOf, id: 'top5', title: 'Recognised in training, five guesses', label: 'Five guesses' },
    values: column('top5'),
  },
  target: {
    ...{ ...plain, id: 'target', title: 'Mean cosine to the own identity', label: 'Own identity' },
    ...{ format: similarity, values: column('targetCosine') },
  },
  negative: {
    ...{ ...plain, id: 'negative', title: 'Mean cosine to other identities', label: 'Other identities' },
    ...{ format: similarity, values: column('negativeCosine') },
  },
  gradient: {
    ...{ ...plain, id: 'gradient', title: 'Gradient norm', label: 'Gradient norm' },
    ...{ log: true, values: column('gradientNorm') },
  },
  norm: {
    ...{ ...plain, id: 'norm', title: 'Feature norm', label: 'Feature norm' },
    ...{ log: true, values: column('featureNorm') },
  },
  speed: {
    ...{ ...plain, id: 'speed', title: 'Pictures per second', label: 'Pictures per second', format: figure },
    values: ({ columns: { stepMs } }, images) => {
      const rate = (list: readonly number[] = []): number[] => list.map((ms) => (images * 1000) / ms);
      return { y: rate(stepMs?.mean), low: rate(stepMs?.max), high: rate(stepMs?.min) };
    },
  },
  wait: {
    ...{ ...shareOf, id: 'wait', title: 'Share of a step spent waiting for pictures', label: 'Waiting' },
    values: ({ columns: { stepMs, waitMs } }) => ({
      y: (waitMs?.mean ?? []).map((ms, i) => ms / (stepMs?.mean[i] ?? Number.NaN)),
    }),
  },
} as const satisfies Readonly<Record<string, Curve>>;

export type CurveName = keyof typeof curves;

/** What a run records beside `metricColumns`, such as its head's scale. */
export function figureCurves(frame: RunFrame | null): readonly Curve[] {
  const known: readonly string[] = metricColumns;
  return Object.keys(frame?.columns ?? {})
    .filter((name) => !known.includes(name))
    .map((name) => {
      const { title, share = false } = wordsOf(name);
      return { ...(share ? shareOf : plain), id: name, title, label: title, values: column(name) };
    });
}

/** A curve of a run over places of an axis; `window`: steps to smooth over. */
export function curveLine(
  curve: Curve,
  frame: RunFrame,
  places: readonly number[],
  options: LineStyle & {
    readonly id: string;
    readonly label: string;
    readonly window: number;
    readonly imagesPerStep: number;
  },
): ChartLine {
  const { window, imagesPerStep, ...rest } = options;
  const { y, low, high } = curve.values(frame, imagesPerStep);
  return {
    ...rest,
    points: { x: y.length === 0 ? [] : places, y, low, high },
    smoothed: curve.noisy && window > 0 ? smoothed(y, frame.counts, window) : undefined,
  };
}
