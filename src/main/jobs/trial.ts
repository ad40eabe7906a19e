import { setImmediate } from 'node:timers/promises';
import { Cancelled } from '../../core/base/errors.ts';
import { rateAt } from '../../core/training/schedule.ts';
import { configureImages } from '../images/setup.ts';
import type { Job } from './job.ts';
import { openRun, openRunLoader, takenInWords } from './train-open.ts';
import type { TrialSetup } from './train-protocol.ts';

/**
 * Compiles a recipe's network and takes a few steps on its data; nothing is kept. Summary: `compileMs`, `firstLoss`,
 * `msPerStep`, `waitMs` and of them `teacherMs` (medians without the first step, whose memory is still to be had), and `memory`, the most
 * bytes that the process had. Throws what the training job does at its start.
 */
export const trialJob: Job<TrialSetup, Record<string, never>> = async (setup, _host, context) => {
  configureImages();
  const openedAt = performance.now();
  const { trainer, schedule, taken, teacher } = await openRun(setup);
  if (taken !== null) context.log(takenInWords(taken));
  const compileMs = performance.now() - openedAt;
  const steps = setup.trialSteps + 1;
  const took: number[] = [];
  const waited: number[] = [];
  const told: number[] = [];
  let firstLoss = Number.NaN;
  try {
    const loader = await openRunLoader(setup, 0, steps);
    try {
      for (let step = 0; step < steps; step++) {
        if (context.signal.aborted) throw new Cancelled();
        const at = performance.now();
        const { images, labels, waitedMs } = await loader.next();
        const askedAt = performance.now();
        const given = await teacher?.tell(images, labels);
        const askedMs = performance.now() - askedAt;
        const { loss } = await trainer.run({
          images,
          labels,
          rate: rateAt(schedule, step),
          ...(given && { given }),
        });
        if (step === 0) firstLoss = loss;
        else {
          took.push(performance.now() - at);
          waited.push(waitedMs);
          told.push(askedMs);
        }
        context.progress(step, setup.trialSteps);
        await setImmediate(); // a step blocks the thread: now messages come in, such as to stop
      }
    } finally {
      await loader.close();
    }
  } finally {
    await teacher?.close();
    await trainer.close();
  }
  const memory = process.resourceUsage().maxRSS * 1024;
  const teacherMs = teacher === null ? 0 : median(told);
  return { compileMs, firstLoss, msPerStep: median(took), waitMs: median(waited), teacherMs, memory };
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
