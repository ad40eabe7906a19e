import { existsSync, watch } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import type { Recipe } from '../../../src/core/recipe/recipe.ts';
import type { TrainHost, TrainSetup } from '../../../src/main/jobs/train-protocol.ts';
import { listCheckpoints, readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { runJob } from '../../../src/main/workers/run.ts';
import { writeCrops } from '../../support/crop-packs.ts';
import {
  digests,
  exactRows,
  nothingTold,
  pairsOf,
  recordingHost,
  setupOf,
  smallRecipe,
  type Told,
} from '../../support/training-run.ts';
import { workersOf } from '../../support/workers.ts';

/**
 * Training processes are killed at random moments and continued from what was saved: the numbers of every step and the
 * parameters at the end are those of a run that nothing happened to, bit for bit. Linux only, as the processes are
 * found by /proc.
 */
const linux = process.platform === 'linux';
const entry = new URL('../../../src/main/workers/entry.ts', import.meta.url);

let root: string;
let crops: CropTable;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-train-kill-'));
  crops = await writeCrops(join(root, 'packs'), { identities: 5, perIdentity: 6, side: 40 });
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Watcher = (told: Told, what: keyof TrainHost) => void | Promise<void>;

/** Runs the job in a process of its own. */
async function run(
  setup: TrainSetup,
  told: Told,
  watcher?: Watcher,
  signal = new AbortController().signal,
): Promise<void> {
  await runJob({
    ...{ entry, kind: 'train', setup, host: recordingHost(told, watcher), signal, graceMs: 120_000 },
    onProgress: () => {},
    onLog: () => {},
  });
}

function killWorkers(): void {
  for (const pid of workersOf(process.pid)) process.kill(pid, 'SIGKILL');
}

/** Runs until the watcher kills it, and says how it goes on: from what was saved last. */
async function killed(setup: TrainSetup, told: Told, watcher: Watcher): Promise<TrainSetup> {
  const starts = told.starts.length;
  await expect(run(setup, told, watcher)).rejects.toMatchObject({
    code: 'job/worker-died',
    values: { detail: 'signal SIGKILL' },
  });
  expect(told.starts.length).toBe(starts + 1);
  const last = told.saved.at(-1);
  return { ...setup, resume: last === undefined ? null : join(setup.checkpointsDir, last.file) };
}

async function lastState({ checkpointsDir }: TrainSetup, told: Told) {
  const { header, state } = await readCheckpoint(join(checkpointsDir, told.saved.at(-1)?.file ?? ''));
  return { best: header.best, mark: header.mark, sinceBest: header.sinceBest, ...digests(state) };
}

async function begin(name: string, recipe: Recipe, threads: number): Promise<TrainSetup> {
  return setupOf(root, name, recipe, crops, { threads, validation: [pairsOf(crops)] });
}

describe.skipIf(!linux)('a training process', () => {
  it('killed at random moments continues with the same bits', async () => {
    const recipe = smallRecipe({
      ...{ accumulation: 2, epochs: 3 }, // 3 steps an epoch
      data: {
        version: 'abcdef01',
        sampler: { kind: 'balanced' },
        augmentation: { cropFrom: 36, flip: 0.5, brightness: 0.4, hue: 0.4, pcaNoise: 0.1, jpeg: 0.5 },
      },
      validation: { everyEpochs: 2 / 3 },
    });
    const whole = nothingTold();
    const reference = await begin('whole', recipe, 2);
    await run(reference, whole);
    expect(whole.ended).toBe('finished');
    expect(whole.rows.size).toBe(9);

    const told = nothingTold();
    let setup = await begin('killed', recipe, 2);
    const random = seededRandom(Date.now());
    const moments: string[] = [];
    for (const what of ['saved', 'steps', 'evaluated'] as const) {
      const ms = Math.floor(random.next() * 60);
      moments.push(`${ms} ms after ${what}`);
      let fired = false;
      setup = await killed(setup, told, async (_, now) => {
        if (now !== what || fired) return;
        fired = true;
        setTimeout(killWorkers, ms);
        if (what !== 'steps') await delay(ms / 2); // the process waits for the answer in half of it
      });
    }
    await run(setup, told);
    expect(told.starts.length, moments.join(', ')).toBe(4);
    expect(exactRows(told), moments.join(', ')).toEqual(exactRows(whole));
    expect(await lastState(setup, told), moments.join(', ')).toEqual(await lastState(reference, whole));
    // the last word on each step is the same, however often it was verified
    const evaluations = new Map(told.evaluations.map((one) => [one.step, one]));
    expect([...evaluations.values()]).toEqual(whole.evaluations);
  }, 240_000);

  it('with dropout, killed while it writes a checkpoint, continues with the same bits', async () => {
    const recipe = smallRecipe({
      network: { backbone: 'ir-18', size: 32, embedding: 16 }, // 90 MB of state: writing takes a while
      ...{ epochs: 3 / 7, validation: { everyEpochs: 1 / 7 } }, // 3 steps, each verified
    });
    const whole = nothingTold();
    const reference = await begin('dropout', recipe, 2);
    await run(reference, whole);

    const told = nothingTold();
    let setup = await begin('dropout-killed', recipe, 2);
    const dir = setup.checkpointsDir;
    const partial = 'step-000000002.checkpoint.part';
    const watcher = watch(dir, (_, file) => {
      if (file === partial) killWorkers();
    });
    setup = await killed(setup, told, () => {});
    watcher.close();
    expect(await readdir(dir)).toEqual(['step-000000001.checkpoint', partial]);
    await run(setup, told);
    expect(existsSync(join(dir, partial))).toBe(false);
    expect(told.starts.map(({ step }) => step)).toEqual([0, 1]);
    expect(exactRows(told)).toEqual(exactRows(whole));
    expect(await lastState(setup, told)).toEqual(await lastState(reference, whole));
  }, 240_000);

  it('that is asked to stop hears it between two steps, and saves', async () => {
    const setup = await setupOf(root, 'stopped', smallRecipe({ epochs: 100 }), crops);
    const told = nothingTold();
    const controller = new AbortController();
    const watcher: Watcher = (_, what) => {
      if (what === 'steps') controller.abort();
    };
    await expect(run(setup, told, watcher, controller.signal)).rejects.toThrow(Cancelled);
    const [saved] = told.saved;
    expect(saved?.step).toBe(told.rows.size);
    expect(saved?.step).toBeLessThan(500); // not the checkpoint that is due anyway
    expect((await listCheckpoints(setup.checkpointsDir)).map(({ step }) => step)).toEqual([saved?.step]);
    await lastState(setup, told);
  }, 120_000);
});
