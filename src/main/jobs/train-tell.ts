import type { StepRow } from '../training/tally.ts';
import type { JobContext } from './job.ts';
import type { TrainHost } from './train-protocol.ts';

/** How often the application is told of steps, at most. */
const everyMs = 250;
/** So many rows wait for it, at most. */
const mostRows = 5000;

/** Tells the application of steps: in order, several at a time where they are fast, one message under way. */
export interface Teller {
  /** Notes a step, counted from 1. What the application failed with is thrown here or by `flush`. */
  note(step: number, row: StepRow): Promise<void>;
  /** Waits until all that was noted is told. */
  flush(): Promise<void>;
}

/** `steps` of the whole run; `now` in milliseconds. */
export function openTeller(
  host: Pick<TrainHost, 'steps'>,
  context: Pick<JobContext, 'progress'>,
  steps: number,
  now: () => number,
): Teller {
  let rows: Float32Array[] = [];
  let figures: readonly string[] = [];
  let first = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  let sending: Promise<void> | null = null;
  let failure: { readonly thrown: unknown } | null = null;

  const send = (): void => {
    const width = rows[0]?.length ?? 0;
    const joined = new Float32Array(rows.length * width);
    for (const [i, row] of rows.entries()) joined.set(row, i * width);
    context.progress(first + rows.length - 1, steps);
    rows = [];
    toldAt = now();
    sending = host
      .steps({ first, rows: joined, figures, memory: process.memoryUsage.rss() })
      .catch((thrown: unknown) => {
        failure = { thrown };
      })
      .finally(() => {
        sending = null;
      });
  };
  const check = (): void => {
    if (failure !== null) throw failure.thrown;
  };
  const flush = async (): Promise<void> => {
    while (sending !== null || rows.length > 0) {
      if (sending === null) send();
      await sending;
      check();
    }
    check();
  };
  return {
    flush,
    note: async (step, row) => {
      check();
      if (rows.length === 0) first = step;
      rows.push(row.numbers);
      figures = row.figures;
      if (rows.length >= mostRows) await flush();
      else if (sending === null && now() - toldAt >= everyMs) send();
    },
  };
}
