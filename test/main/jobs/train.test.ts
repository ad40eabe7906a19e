import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { planOf, scheduleOf } from '../../../src/core/recipe/plan.ts';
import { rateAt } from '../../../src/core/training/schedule.ts';
import { wantedOf } from '../../../src/core/weights/match.ts';
import type { TrainSetup } from '../../../src/main/jobs/train-protocol.ts';
import { listCheckpoints, readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { writeWeights } from '../../../src/main/training/weights.ts';
import { writeCrops } from '../../support/crop-packs.ts';
import {
  columnOf,
  digests,
  exactRows,
  fileOf,
  nothingTold,
  pairsOf,
  setupOf,
  smallRecipe,
  type Told,
  train,
} from '../../support/training-run.ts';

let root: string;
let crops: CropTable;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-train-'));
  crops = await writeCrops(join(root, 'packs'), { identities: 5, perIdentity: 6, side: 40 });
});
afterAll(() => rm(root, { recursive: true, force: true }));

// 7 steps an epoch: 10 steps, verified before the first, and after 3, 7 (6.4 would be 2·3.2) and so on
const recipe = smallRecipe({ epochs: 10 / 7, validation: { everyEpochs: 3 / 7 } });
let whole: Told;
let setup: TrainSetup;

describe('a run', () => {
  let result: unknown;
  beforeAll(async () => {
    const validation = [pairsOf(crops), pairsOf(crops, 'another')];
    setup = await setupOf(root, 'whole', recipe, crops, { validation });
    ({ told: whole, result } = await train(setup));
  }, 120_000);

  it('goes from its first step to its last, and says so', () => {
    expect(whole.starts).toEqual([{ provider: 'cpu', stepsPerEpoch: 7, steps: 10, step: 0 }]);
    expect(whole.ended).toBe('finished');
    expect(result).toEqual({ steps: 10, step: 10, loss: expect.any(Number) });
  });

  it('tells every step once, in order, with finite figures', () => {
    expect([...whole.rows.keys()]).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    for (const row of whole.rows.values()) expect([...row].every(Number.isFinite)).toBe(true);
    const seconds = columnOf(whole, 'seconds');
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    const [stepMs, waitMs] = [columnOf(whole, 'stepMs'), columnOf(whole, 'waitMs')];
    for (const [i, ms] of stepMs.entries()) expect(ms).toBeGreaterThanOrEqual(waitMs[i] ?? 0);
    for (const share of [...columnOf(whole, 'top1'), ...columnOf(whole, 'top5')])
      expect(share * 4).toBe(Math.round(share * 4));
  });

  it('follows the schedule', () => {
    const schedule = scheduleOf(recipe, 7);
    const rates = Array.from({ length: 10 }, (_, step) => Math.fround(rateAt(schedule, step)));
    expect(columnOf(whole, 'rate')).toEqual(rates);
    expect(new Set(rates).size).toBeGreaterThan(7);
  });

  it('verifies on every set before the first step, when due, and at the end', () => {
    expect(whole.evaluations.map(({ step, set }) => [step, set])).toEqual(
      [0, 3, 6, 9, 10].flatMap((step) => [
        [step, 'held-out'],
        [step, 'another'],
      ]),
    );
    for (const { pairs, accuracy, auc, threshold } of whole.evaluations) {
      expect(pairs).toBe(30);
      for (const share of [accuracy, auc]) expect(share >= 0 && share <= 1).toBe(true);
      expect(Math.abs(threshold)).toBeLessThanOrEqual(1);
    }
  });

  it('counts every picture in its distributions', () => {
    const sum = (counts: readonly number[] = []): number => counts.reduce((a, b) => a + b, 0);
    const total = (which: 'target' | 'norm' | 'negative'): number =>
      sum(whole.snapshots.map((snapshot) => sum(snapshot[which].counts)));
    expect([total('target'), total('norm'), total('negative')]).toEqual([40, 40, 40 * 4]);
    expect(whole.snapshots.at(-1)?.step).toBe(10);
  });

  it('keeps the last two checkpoints and the best, whose numbers are whole', async () => {
    const kept = await listCheckpoints(setup.checkpointsDir);
    const { header, state } = await readCheckpoint(fileOf(setup, 10));
    const best = header.best?.step ?? 0;
    expect(new Set(kept.map(({ step }) => step))).toEqual(new Set([best, 9, 10]));
    expect(whole.saved.map(({ step, accuracy }) => [step, accuracy === null])).toEqual(
      [3, 6, 9, 10].map((step) => [step, false]),
    );
    // the first of the largest means over the sets
    const means = new Map(whole.saved.map(({ step, accuracy }) => [step, accuracy ?? 0]));
    expect(header.best?.accuracy).toBe(Math.max(...means.values()));
    expect(best).toBe([...means].find(([, mean]) => mean === header.best?.accuracy)?.[0]);
    expect(whole.saved.filter((one) => one.best).at(-1)?.step).toBe(best);
    expect(header).toMatchObject({ step: 10, epoch: 1, recipe, validated: 10, provider: 'cpu' });
    expect([...state.tensors.values()].every((numbers) => numbers.every(Number.isFinite))).toBe(true);
    const kinds = header.tensors.map(({ name, kind, shape }) => [name, kind, shape.length]);
    expect(kinds).toContainEqual(['stem.conv.weight', 'parameter', 4]);
    expect(kinds).toContainEqual(['stem.bn.mean', 'running', 1]);
    expect(kinds).toContainEqual(['stem.conv.weight:momentum', 'slot', 1]);
  });
});

describe('a run that is paused', () => {
  async function paused(
    name: string,
    when: (told: Told, what: string) => boolean,
  ): Promise<[TrainSetup, Told]> {
    const own = { ...(await setupOf(root, name, recipe, crops)), validation: setup.validation };
    const told = nothingTold();
    const { result } = await train(own, told, (what, abort) => {
      if (when(told, what)) abort();
    });
    expect(result).toBeInstanceOf(Cancelled);
    return [own, told];
  }
  async function continued(own: TrainSetup, told: Told): Promise<void> {
    const resume = fileOf(own, told.saved.at(-1)?.step ?? 0);
    await train({ ...own, resume }, told);
    expect(told.ended).toBe('finished');
    expect(exactRows(told)).toEqual(exactRows(whole));
    const [a, b] = await Promise.all([own, setup].map((one) => readCheckpoint(fileOf(one, 10))));
    expect(a && digests(a.state)).toEqual(b && digests(b.state));
    expect(a?.header.best).toEqual(b?.header.best);
  }

  it('saves after the step under way and continues with the same bits', async () => {
    const [own, told] = await paused('pause', ({ rows }, what) => what === 'steps' && rows.size >= 4);
    const last = told.saved.at(-1);
    expect(last).toMatchObject({ step: told.rows.size, accuracy: null });
    const before = columnOf(told, 'seconds').at(-1) ?? 0;
    await continued(own, told);
    expect(told.starts[1]?.step).toBe(last?.step);
    expect(columnOf(told, 'seconds')[last?.step ?? 0]).toBeGreaterThan(before);
  }, 120_000);

  it('during a validation saves without it, and verifies again first', async () => {
    const [own, told] = await paused(
      'pause-validation',
      ({ evaluations }, what) => what === 'evaluated' && evaluations.at(-1)?.step === 6,
    );
    expect(told.saved.at(-1)).toMatchObject({ step: 6, accuracy: null });
    const before = told.evaluations.length;
    await continued(own, told);
    expect(told.evaluations.slice(before).map(({ step }) => step)).toEqual([6, 6, 9, 9, 10, 10]);
    expect(told.evaluations.slice(before)).toEqual(whole.evaluations.slice(4));
  }, 120_000);

  it('before its first step leaves nothing', async () => {
    const [own, told] = await paused('pause-first', (_, what) => what === 'started');
    expect(told.saved).toEqual([]);
    expect(await readdir(own.checkpointsDir)).toEqual([]);
  }, 120_000);
});

describe('a checkpoint that is gone on from', () => {
  it('is refused where it is damaged or missing, by its name', async () => {
    const own = await setupOf(root, 'damaged', recipe, crops);
    const bytes = await readFile(fileOf(setup, 10));
    bytes[bytes.length - 5000] = (bytes[bytes.length - 5000] ?? 0) ^ 16;
    const resume = fileOf(own, 10);
    await writeFile(resume, bytes);
    for (const file of [resume, fileOf(own, 9)]) {
      const { result, told } = await train({ ...own, resume: file });
      expect(result).toMatchObject({ code: 'training/checkpoint-damaged', values: { file } });
      expect(told.starts).toEqual([]);
    }
  }, 120_000);

  it('is refused with another recipe, whose differences are named; the device is none', async () => {
    const resume = fileOf(setup, 10);
    const other = smallRecipe({ ...recipe, seed: 12, schedule: { ...recipe.schedule, rate: 0.01 } });
    const { result } = await train({ ...setup, recipe: other, resume });
    expect(result).toMatchObject({
      code: 'training/other-recipe',
      values: { file: resume, paths: 'schedule.rate, seed' },
    });
    const elsewhere = { ...recipe, device: { ...recipe.device, threads: 2 } };
    const { told } = await train({ ...setup, recipe: elsewhere, resume });
    expect([told.starts[0]?.step, told.ended, told.rows.size]).toEqual([10, 'finished', 0]);
  }, 120_000);

  const forked = (seed: number) =>
    smallRecipe({
      ...{ epochs: 1 / 7, seed, head: { kind: 'softmax' } },
      schedule: { rate: 1e-30, decay: { kind: 'constant' } },
    });
  /** At a rate of next to nothing the parameters stay: those of a fork that are not its parent's. */
  const newIn = async (own: TrainSetup): Promise<readonly string[]> => {
    const parent = await readCheckpoint(fileOf(setup, 10));
    const child = await readCheckpoint(fileOf(own, 1));
    const parameters = child.header.tensors.filter(({ kind }) => kind === 'parameter');
    expect(parameters.length).toBeGreaterThan(100);
    return parameters
      .map(({ name }) => name)
      .filter((name) => String(child.state.tensors.get(name)) !== String(parent.state.tensors.get(name)));
  };

  it('begins a fork with its network, and nothing else', async () => {
    const own = await setupOf(root, 'fork', forked(11), crops, { resume: fileOf(setup, 10), fork: true });
    const { told } = await train(own);
    expect(told.starts).toEqual([{ provider: 'cpu', stepsPerEpoch: 7, steps: 1, step: 0 }]);
    // the classes' weights are the parent's, the biases new
    expect(await newIn(own)).toEqual(['classes.bias']);
    const parent = await readCheckpoint(fileOf(setup, 10));
    const child = await readCheckpoint(fileOf(own, 1));
    expect(child.header).toMatchObject({ step: 1, best: null, sinceBest: 0, validated: null });
    const momentum = 'stem.conv.weight:momentum';
    expect(child.state.tensors.get(momentum)).not.toEqual(parent.state.tensors.get(momentum));
  }, 120_000);

  it('begins the head of a fork anew where its classes are others', async () => {
    // another seed numbers the people in another order
    const own = await setupOf(root, 'fork-seed', forked(99), crops, {
      resume: fileOf(setup, 10),
      fork: true,
    });
    await train(own);
    expect(await newIn(own)).toEqual(['classes.weight', 'classes.bias']);
  }, 120_000);

  it('may be a state dictionary of PyTorch: the network begins with it, the head anew', async () => {
    const { state } = await readCheckpoint(fileOf(setup, 10));
    const weights = join(root, 'start.pth');
    const network = planOf(recipe, 5);
    await writeWeights(weights, 'evolve', { network, tensors: state.tensors, step: 10, epoch: 1 });
    const own = await setupOf(root, 'start-pth', forked(11), crops, { weights });
    const { told, logged } = await train(own);
    expect(told.starts).toEqual([{ provider: 'cpu', stepsPerEpoch: 7, steps: 1, step: 0 }]);
    expect(await newIn(own)).toEqual(['classes.weight', 'classes.bias']);
    const count = wantedOf(network).length;
    expect(logged).toEqual([
      `The network begins with ${count} of ${count} tensors of what it starts from. The head begins anew.`,
    ]);
  }, 120_000);

  it('of another length of embedding begins what fits, and names the rest', async () => {
    const narrow = smallRecipe({
      ...{ epochs: 1 / 7, network: { backbone: 'mobilefacenet', size: 32, embedding: 8 } },
    });
    const own = await setupOf(root, 'fork-narrow', narrow, crops, { resume: fileOf(setup, 10), fork: true });
    const { logged } = await train(own);
    expect(logged[0]).toMatch(/278 of 283 .* anew begin head\.linear\.weight/);
    expect(logged[0]).toMatch(/The head begins anew\.$/);
  }, 120_000);

  it('of another backbone altogether cannot be forked from', async () => {
    const forked = smallRecipe({
      network: { backbone: 'ir-18', size: 32, embedding: 32 },
      head: { kind: 'softmax' },
    });
    const own = await setupOf(root, 'fork-other', forked, crops, { resume: fileOf(setup, 10), fork: true });
    const { result } = await train(own);
    expect(result).toMatchObject({ code: 'training/other-backbone' });
  }, 120_000);
});
