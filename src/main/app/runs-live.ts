import { metricColumns } from '../../core/training/metrics.ts';

/** How a run goes while it trains: its figures, smoothed over about so many steps. */
export interface Live {
  /** Null before the first step. */
  readonly loss: number | null;
  readonly stepMs: number | null;
  /** Bytes of the process; null before it told. */
  readonly memory: number | null;
  /** `rows` [n, width], of which the first are `metricColumns`. */
  note(rows: Float32Array, memory: number | null, width?: number): void;
}

/** Steps over which figures are smoothed, and rows before that are worth reading to begin with. */
export const smoothedSteps = 50;

const lossAt = metricColumns.indexOf('loss');
const stepMsAt = metricColumns.indexOf('stepMs');

/** An exponential mean that is right from the first value on; what is no number is passed over. */
function smoothed(steps: number): { readonly value: number | null; note(value: number): void } {
  const keep = 1 - 2 / (steps + 1);
  let sum = 0;
  let weight = 0;
  return {
    get value() {
      return weight === 0 ? null : sum / weight;
    },
    note: (value) => {
      if (!Number.isFinite(value)) return;
      sum = sum * keep + value;
      weight = weight * keep + 1;
    },
  };
}

/** `before`: the rows that there are already, or the last of them. */
export function liveFigures(before: Float32Array): Live {
  const loss = smoothed(smoothedSteps);
  const stepMs = smoothed(smoothedSteps);
  let memory: number | null = null;
  const note = (rows: Float32Array, width: number = metricColumns.length): void => {
    for (let at = 0; at < rows.length; at += width) {
      loss.note(rows[at + lossAt] ?? Number.NaN);
      stepMs.note(rows[at + stepMsAt] ?? Number.NaN);
    }
  };
  note(before);
  return {
    get loss() {
      return loss.value;
    },
    get stepMs() {
      return stepMs.value;
    },
    get memory() {
      return memory;
    },
    note: (rows, bytes, width) => {
      note(rows, width);
      memory = bytes;
    },
  };
}
