import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricColumns } from '../../../src/core/training/metrics.ts';
import { openKeeper } from '../../../src/main/jobs/train-keep.ts';
import type { SavedCheckpoint } from '../../../src/main/jobs/train-protocol.ts';
import { openTeller } from '../../../src/main/jobs/train-tell.ts';
import { isMultiple } from '../../../src/main/jobs/train-validate.ts';
import { checkpointName, type LiveTensor } from '../../../src/main/training/checkpoint.ts';
import { inFolder } from '../../support/folders.ts';
import { smallRecipe } from '../../support/training-run.ts';

const width = metricColumns.length + 1;
const rowOf = (step: number) => ({
  numbers: new Float32Array(width).fill(step),
  figures: ['scale'],
});

/** A host that answers when it is let, and a clock that is set. */
function scene() {
  const told: { first: number; steps: number[] }[] = [];
  let answer = (): void => {};
  const progress: number[] = [];
  const clock = { now: 1000 };
  const teller = openTeller(
    {
      steps: async ({ first, rows, figures }) => {
        expect(figures).toEqual(['scale']);
        told.push({ first, steps: [...rows].filter((_, i) => i % width === 0) });
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      },
    },
    { progress: (done) => void progress.push(done) },
    100,
    () => clock.now,
  );
  const answered = async (): Promise<void> => {
    answer();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { told, progress, clock, teller, answered };
}

describe('telling of steps', () => {
  it('has one message a quarter of a second, with all steps since the last, in order', async () => {
    const { told, progress, clock, teller, answered } = scene();
    for (let step = 1; step <= 40; step++) {
      await teller.note(step, rowOf(step));
      await answered();
      clock.now += 20;
    }
    // a message after 1, 14, 27 and 40: 13·20 ms is the first time beyond 250
    expect(told.map(({ first, steps }) => [first, steps.length])).toEqual([
      [1, 1],
      [2, 13],
      [15, 13],
      [28, 13],
    ]);
    expect(told.flatMap(({ steps }) => steps)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(progress).toEqual([1, 14, 27, 40]);
  });

  it('goes on with steps while the application takes its time, and flushes what has gathered', async () => {
    const { told, clock, teller, answered } = scene();
    for (let step = 1; step <= 5; step++) {
      await teller.note(step, rowOf(step));
      clock.now += 300;
    }
    expect(told).toHaveLength(1);
    let flushed = false;
    const flush = teller.flush().then(() => {
      flushed = true;
    });
    await answered();
    expect(told[1]).toEqual({ first: 2, steps: [2, 3, 4, 5] });
    expect(flushed).toBe(false);
    await answered();
    await flush;
    await teller.flush(); // nothing is left
    expect(told).toHaveLength(2);
  });

  it('fails with what the application failed with', async () => {
    const failing = openTeller(
      { steps: () => Promise.reject(new Error('the disk is full')) },
      { progress: () => {} },
      9,
      () => 0,
    );
    await failing.note(1, rowOf(1));
    await expect(failing.flush()).rejects.toThrow('the disk is full');
    await expect(failing.note(2, rowOf(2))).rejects.toThrow('the disk is full');
  });
});

describe('keeping checkpoints', () => {
  const tensor: LiveTensor = {
    ...{ name: 'a', kind: 'parameter', shape: [2], length: 2 },
    data: () => Float32Array.of(1, 2),
  };
  const facts = (step: number, best: number | null) => ({
    ...{
      step,
      epoch: 0,
      recipe: smallRecipe(),
      seconds: 1,
      mark: null,
      sinceBest: 0,
      validated: null,
      provider: 'cpu',
    },
    best: best === null ? null : { step: best, accuracy: 0.9 },
  });
  const files = async (dir: string): Promise<string[]> => (await readdir(dir)).toSorted();

  it('leaves the last two and the best, and removes only after the application knows', () =>
    inFolder(async (dir) => {
      const saved: (SavedCheckpoint & { files: string[] })[] = [];
      const host = {
        saved: async (checkpoint: SavedCheckpoint) => {
          saved.push({ ...checkpoint, files: await files(dir) });
        },
      };
      await writeFile(join(dir, 'mine.txt'), '');
      const keeper = openKeeper({ dir, host, tensors: [tensor], from: null, now: () => 0 });
      for (const [step, best] of [
        [10, null],
        [20, 20],
        [30, 20],
        [40, 20],
        [50, 50],
        [50, 50], // saved again with its accuracy
        [60, 50],
        [70, 50],
      ] as const) {
        await keeper.save(facts(step, best), best === step ? 0.9 : null);
        expect(keeper.step).toBe(step);
      }
      expect(await files(dir)).toEqual(['mine.txt', ...[50, 60, 70].map(checkpointName)]);
      expect(saved.map(({ step, best }) => [step, best])).toEqual([
        [10, false],
        [20, true],
        [30, false],
        [40, false],
        [50, true],
        [50, true],
        [60, false],
        [70, false],
      ]);
      // while the application was told of 50, 20 and 30 were still there
      expect(saved[4]?.files).toEqual(['mine.txt', ...[20, 30, 40, 50].map(checkpointName)].toSorted());
    }));

  it('goes on with the one that the run continues from', () =>
    inFolder(async (dir) => {
      const old = openKeeper({
        dir,
        host: { saved: async () => {} },
        tensors: [tensor],
        from: null,
        now: () => 0,
      });
      for (const step of [10, 20, 30]) await old.save(facts(step, 10), null);
      // it goes on from 20; 30 is of what was cut
      const next = openKeeper({
        dir,
        host: { saved: async () => {} },
        tensors: [tensor],
        from: 20,
        now: () => 0,
      });
      await next.save(facts(25, 10), null);
      expect(await files(dir)).toEqual([10, 20, 25].map(checkpointName));
    }));

  it('is due after 500 steps or a minute', () =>
    inFolder(async (dir) => {
      await mkdir(dir, { recursive: true });
      let now = 0;
      const host = { saved: async () => {} };
      const keeper = openKeeper({ dir, host, tensors: [tensor], from: 100, now: () => now });
      expect([keeper.due(599), keeper.due(600)]).toEqual([false, true]);
      now = 59_999;
      expect(keeper.due(101)).toBe(false);
      now = 60_000;
      expect(keeper.due(101)).toBe(true);
      await keeper.save(facts(101, null), null);
      expect([keeper.due(102), keeper.due(601)]).toEqual([false, true]);
    }));
});

describe('validation every so many epochs', () => {
  it.each([1, 2.5, 3, 7.3, 0.4, 1.5])('of %d steps falls on the nearest whole steps', (every) => {
    const wanted = new Set(Array.from({ length: 400 }, (_, k) => Math.round((k + 1) * every)));
    for (let step = 1; step <= 100; step++)
      expect(isMultiple(step, every), `step ${step}`).toBe(wanted.has(step));
  });
});
