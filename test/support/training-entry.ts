import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Cancelled, error } from '../../src/core/base/errors.ts';
import { stepsOf } from '../../src/core/recipe/plan.ts';
import { metricColumns } from '../../src/core/training/metrics.ts';
import type { TrainHost, TrainSetup } from '../../src/main/jobs/train-protocol.ts';
import { openChannel, remote } from '../../src/main/workers/channel.ts';
import { endWithParent } from '../../src/main/workers/disconnect.ts';

/**
 * A worker process that says what a training says, without a network: for tests of what the application makes of it. A
 * checkpoint is its step as text; the loss of step n is 100 − n, 1000 more after a fork, 2000 with weights; with seed 13, step 7 diverges.
 */
const stop = new AbortController();
endWithParent();

const every = 5;

function stepIn(file: string): number {
  const step = Number(readFileSync(file, 'utf8'));
  if (Number.isInteger(step)) return step;
  throw error('training/checkpoint-damaged', { file, detail: 'it is no number' });
}

async function train(setup: TrainSetup, host: TrainHost): Promise<Record<string, number>> {
  const { recipe, resume, fork, checkpointsDir } = setup;
  const { steps, stepsPerEpoch } = stepsOf(recipe, setup.crops.classes.length);
  const read = resume === null ? 0 : stepIn(resume);
  if (setup.weights !== undefined) stepIn(setup.weights); // it is there
  let step = fork ? 0 : read;
  await host.started({ provider: setup.provider, steps, stepsPerEpoch, step });
  const save = async (accuracy: number | null): Promise<void> => {
    const file = `${step}.checkpoint`;
    writeFileSync(join(checkpointsDir, file), String(step));
    await host.saved({ step, file, bytes: 1, accuracy, best: accuracy !== null });
    // The last two are kept, all of which are the best so far.
    rmSync(join(checkpointsDir, `${step - 2 * every}.checkpoint`), { force: true });
  };
  while (step < steps) {
    if (stop.signal.aborted) {
      await save(null);
      throw new Cancelled();
    }
    await delay(15);
    if (recipe.seed === 13 && step === 6) {
      const detail = 'the loss is NaN';
      throw error('training/diverged', { step: 7, detail, layer: 'stem', what: 'forward', batch: '1,2' });
    }
    step++;
    const row = new Float32Array(metricColumns.length).fill(step);
    row[0] = 100 - step + (fork ? 1000 : setup.weights !== undefined ? 2000 : 0);
    await host.steps({ first: step, rows: row, figures: [], memory: 1e6 });
    if (step % every !== 0) continue;
    const accuracy = step / 1000;
    const rest = { deviation: 0, threshold: 0.3, tarAtFar: [], auc: 0.5, pairs: 10 };
    await host.evaluated({ ...rest, step, set: 'held-out', accuracy });
    await save(accuracy);
  }
  await host.ended('finished');
  return { step };
}

const channel = openChannel(
  {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
  },
  async (_method, input) => {
    const { setup } = input as { setup: TrainSetup };
    return await train(setup, remote(channel) as never);
  },
  (topic) => {
    if (topic === 'stop') stop.abort();
  },
);
