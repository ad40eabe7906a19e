import type { Histogram, Snapshot } from '../../core/contract/runs.ts';
import { metricColumns } from '../../core/training/metrics.ts';
import type { StepResult } from '../engine/trainer.ts';

/** What is recorded of steps: a row of figures of each, and distributions over several. */

export interface StepTimes {
  readonly rate: number;
  readonly stepMs: number;
  readonly waitMs: number;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** A step's numbers: `metricColumns`, and the head's figures by their names. */
export interface StepRow {
  readonly numbers: Float32Array;
  readonly figures: readonly string[];
}

export function rowOf(result: StepResult, times: StepTimes): StepRow {
  const { ranks, norms, cosines, told } = result;
  // a picture that is compared with others and is the only one of its identity has no rank
  const ranked = ranks.filter((r) => !Number.isNaN(r));
  const shareBelow = (rank: number): number =>
    ranked.filter((r) => r < rank).length / Math.max(1, ranked.length);
  const [sum, others] = negatives(result);
  // without a loss nothing is known of the batch: comparisons with what is no number would say that all is recognised
  const known = (figure: number): number => (Number.isFinite(result.loss) ? figure : Number.NaN);
  const row: Readonly<Record<(typeof metricColumns)[number], number>> = {
    loss: orNone(result.loss),
    gradientNorm: orNone(result.gradientNorm),
    top1: known(shareBelow(1)),
    top5: known(shareBelow(5)),
    featureNorm: known(mean(norms)),
    targetCosine: known(mean(cosines)),
    negativeCosine: known(sum / others),
    ...times,
  };
  const numbers = [...metricColumns.map((column) => row[column]), ...Object.values(told)];
  return { numbers: Float32Array.from(numbers), figures: Object.keys(told) };
}

/** A step that was skipped may have infinite figures: its curves have a gap there. */
const orNone = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);

/** Sum and number of the cosines to sampled classes that are not the picture's own. */
function negatives({ probes, others }: StepResult): readonly [sum: number, count: number] {
  let [sum, count] = [0, 0];
  for (const [i, cosine] of probes.entries()) {
    if (others[i] === 0) continue;
    sum += cosine;
    count++;
  }
  return [sum, count];
}

/** Of the numbers among them; 0 where there is none. */
function mean(values: Float32Array): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.reduce((sum, value) => sum + value, 0) / Math.max(1, numbers.length);
}

const bins = 64;

/** Counts cosines and lengths of embeddings from step to step. */
export interface Distributions {
  /** Steps since the last were taken. */
  readonly steps: number;
  add(result: StepResult): void;
  /** The distributions since the last, for the one before step `step` + 1; counting begins anew. */
  take(step: number): Snapshot;
}

export function openDistributions(): Distributions {
  let target = new Float64Array(bins);
  let negative = new Float64Array(bins);
  let norm = openGrowing();
  let steps = 0;
  /** −1..1 */
  const count = (counts: Float64Array, cosine: number): void => {
    if (Number.isNaN(cosine)) return;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((cosine + 1) / 2) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  };
  const cosines = (counts: Float64Array): Histogram => ({ from: -1, to: 1, counts: [...counts] });
  return {
    get steps() {
      return steps;
    },
    add: (result) => {
      for (const cosine of result.cosines) count(target, cosine);
      for (const [i, cosine] of result.probes.entries()) if (result.others[i] !== 0) count(negative, cosine);
      for (const length of result.norms) norm.add(length);
      steps++;
    },
    take: (step) => {
      const taken = { step, target: cosines(target), negative: cosines(negative), norm: norm.histogram() };
      target = new Float64Array(bins);
      negative = new Float64Array(bins);
      norm = openGrowing();
      steps = 0;
      return taken;
    },
  };
}

/** A histogram from 0 whose end doubles as values come: two bins become one. */
function openGrowing(): { add(value: number): void; histogram(): Histogram } {
  let to = 2 ** -10;
  let counts = new Float64Array(bins);
  return {
    add: (value) => {
      while (value >= to && to < 2 ** 100) {
        const before = counts;
        counts = new Float64Array(bins);
        for (const [bin, n] of before.entries()) counts[bin >> 1] = (counts[bin >> 1] ?? 0) + n;
        to *= 2;
      }
      const bin = Math.min(bins - 1, Math.floor((value / to) * bins));
      counts[bin] = (counts[bin] ?? 0) + 1;
    },
    histogram: () => ({ from: 0, to, counts: [...counts] }),
  };
}
