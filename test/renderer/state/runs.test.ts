// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import type { Client } from '../../../src/core/contract/api.ts';
import type { Run } from '../../../src/core/contract/runs.ts';
import { Runs } from '../../../src/renderer/state/runs.svelte.ts';
import { Sparks } from '../../../src/renderer/state/sparks.svelte.ts';
import { canGoOn, timeLeft } from '../../../src/renderer/text/run-words.ts';

const run = (id: number, more: Partial<Run> = {}): Run => ({
  ...{ id, name: `Run ${id}`, state: 'running', reason: null, error: null, createdAt: 0, startedAt: 0 },
  ...{ finishedAt: null, job: null, step: 100, steps: 1000, stepsPerEpoch: 10, backbone: 'ir-18' },
  ...{ head: 'arcface', version: { id: 1, hash: 'c0ffee', name: 'v' }, parent: null, provider: 'cpu' },
  ...{ loss: 1, best: null, imagesPerSecond: null, etaSeconds: null, memory: null },
  ...more,
});

function client(answer: (method: string, input: { run?: number }) => unknown): Client {
  // The client's types are computed from the contract; the answers here are those of the methods that are called.
  const call = (async (method: string, input: { run?: number }) => answer(method, input)) as Client['call'];
  return { call, on: () => () => {}, close: () => {} };
}

describe('the runs', () => {
  it('are there newest first, and follow events once they were asked for', async () => {
    const runs = new Runs(client(() => [run(1), run(3), run(2)]));
    runs.changed(run(9));
    expect(runs.list).toBeNull();
    await runs.load();
    expect(runs.list?.map(({ id }) => id)).toEqual([3, 2, 1]);
    runs.changed(run(2, { step: 101 }));
    expect(runs.get(2)?.step).toBe(101);
    runs.changed(run(4));
    expect(runs.list?.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
    await runs.remove(run(3));
    expect(runs.get(3)).toBeUndefined();
  });

  it('keep the list that they have when it cannot be loaded again', async () => {
    let broken = false;
    const runs = new Runs(
      client(() => {
        if (broken) throw new Error('no');
        return [run(1)];
      }),
    );
    await runs.load();
    broken = true;
    await runs.load();
    expect(runs.list).toHaveLength(1);
    expect(runs.error?.code).toBe('app/internal');
    broken = false;
    await runs.load();
    expect(runs.error).toBeNull();
  });

  it('go on only where that leads further', () => {
    expect(canGoOn(run(1, { state: 'paused', reason: 'paused' }))).toBe(true);
    expect(canGoOn(run(1, { state: 'failed', reason: 'error' }))).toBe(true);
    expect(canGoOn(run(1, { state: 'failed', reason: 'diverged' }))).toBe(false);
    expect(canGoOn(run(1, { state: 'stopped', reason: 'user' }))).toBe(false);
  });

  it('tell the time that is left the finer, the less it is', () => {
    expect([59, 599, 601, 7261, 40_000].map(timeLeft)).toEqual([
      '59 s left',
      '9 min 59 s left',
      '10 min left',
      '2 h 1 min left',
      '11 h left',
    ]);
  });
});

describe('small curves', () => {
  it('are loaded for what is in view, a few at once', async () => {
    const asked: number[] = [];
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sparks = new Sparks(
      client(async (_, { run: id }) => {
        asked.push(id ?? 0);
        await gate;
        return { columns: { loss: { min: [], max: [], mean: [3, null, 1] } } };
      }),
    );
    sparks.need([1, 2, 3, 4, 5].map((id) => run(id)));
    expect(asked).toEqual([1, 2, 3]);
    // Scrolled on: 4 and 5 are not waited for any more.
    sparks.need([run(8), run(9, { step: 0 })]);
    release();
    await vi.waitFor(() => expect(sparks.of(8)).toEqual([3, Number.NaN, 1]));
    expect(asked).toEqual([1, 2, 3, 8]);
    sparks.close();
  });

  it('are loaded again once a run got further', async () => {
    let asked = 0;
    const sparks = new Sparks(
      client(() => {
        asked++;
        return { columns: { loss: { min: [], max: [], mean: [asked] } } };
      }),
    );
    sparks.need([run(1)]);
    await vi.waitFor(() => expect(sparks.of(1)).toEqual([1]));
    sparks.need([run(1, { step: 110 })]);
    expect(asked).toBe(1);
    sparks.need([run(1, { step: 130 })]);
    await vi.waitFor(() => expect(sparks.of(1)).toEqual([2]));
    sparks.close();
  });
});
