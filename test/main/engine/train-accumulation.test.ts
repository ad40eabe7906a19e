import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLoss } from '../../../src/core/compile/1-build.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import type { OptimizerSettings } from '../../../src/core/compile/3-optimizer.ts';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { drawMask } from '../../../src/core/training/initialise.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import type { Trainer } from '../../../src/main/engine/trainer.ts';
import { type Feeds, interpret } from '../../support/reference/interpret.ts';
import { tinyApart, tinyBatch, tinyPlan } from '../../support/reference/tiny.ts';

const open = (plan: TrainingPlan) => openTrainer(compileTraining(plan), { seed: 1, threads: 1 });
const optimizer = {
  kind: 'sgd',
  momentum: 0.9,
  nesterov: false,
  weightDecay: 0.01,
  clipNorm: 2,
} as const;
const [batch, accumulation] = [4, 3];
const plan: TrainingPlan = { ...tinyPlan, batch, accumulation, optimizer };
const pictures = batch * accumulation;

/** Largest distance between two tensors, as a part of the largest number. */
function apart(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const list = Array.from(wanted);
  const most = Math.max(...list.map(Math.abs), 1e-3);
  return Math.max(...list.map((value, i) => Math.abs(value - (got[i] ?? Number.NaN)))) / most;
}

/** Two steps in double precision: derivatives batch by batch, their mean, the norm's limit, momentum and decay. */
function reference(first: ReadonlyMap<string, Float32Array>) {
  const { net, loss } = buildLoss(plan);
  const values = net.parameters.map(({ value }) => value);
  const results = [loss, ...net.running.map(({ next }) => next ?? loss), ...differentiate(loss, values)];
  const state = new Map([...first].map(([name, data]) => [name, Float64Array.from(data)] as const));
  const velocity = values.map(({ shape }) => new Float64Array(shape.reduce((a, b) => a * b, 1)));
  const losses: number[] = [];
  for (const step of [0, 1]) {
    const { images, labels, rate } = tinyBatch(step, pictures);
    const means = velocity.map((v) => new Float64Array(v.length));
    let sum = 0;
    for (let part = 0; part < accumulation; part++) {
      const at = part * batch;
      const masks = net.masks.map(
        ({ name, shape, rate: p }) =>
          [name, drawMask(name, shape, p, 1, step * accumulation + part)] as const,
      );
      const feeds: Feeds = {
        ...Object.fromEntries([...state, ...masks]),
        images: images.subarray(at * 14 * 14 * 3, (at + batch) * 14 * 14 * 3),
        labels: labels.subarray(at, at + batch),
      };
      const [value, ...others] = interpret(results, feeds);
      sum += value?.data[0] ?? Number.NaN;
      net.running.forEach(({ name }, i) => {
        state.set(name, Float64Array.from(others[i]?.data ?? []));
      });
      others.slice(net.running.length).forEach(({ data }, i) => {
        data.forEach((g, k) => {
          const mean = means[i];
          if (mean) mean[k] = (mean[k] ?? 0) + g / accumulation;
        });
      });
    }
    losses.push(sum / accumulation);
    const norm = Math.sqrt(means.reduce((total, g) => g.reduce((inner, x) => inner + x * x, total), 0));
    const factor = Math.min(1, optimizer.clipNorm / norm);
    net.parameters.forEach(({ name, decays }, i) => {
      const [p, v, g] = [state.get(name), velocity[i], means[i]];
      if (!p || !v || !g) throw new Error(`${name} is missing`);
      p.forEach((x, k) => {
        const along = (g[k] ?? 0) * factor + (decays ? optimizer.weightDecay * x : 0);
        v[k] = optimizer.momentum * (v[k] ?? 0) + along;
        p[k] = x - rate * (v[k] ?? 0);
      });
    });
  }
  return { losses, state };
}

describe('a step of several batches', () => {
  let trainer: Trainer;
  beforeAll(async () => {
    trainer = await open(plan);
  });
  afterAll(() => trainer.close());

  it('goes along the mean of their derivatives, as double precision does', async () => {
    const first = new Map([...trainer.save().tensors].filter(([name]) => !name.includes(':')));
    const wanted = reference(first);
    const losses: number[] = [];
    for (const step of [0, 1]) losses.push((await trainer.run(tinyBatch(step, pictures))).loss);
    expect(apart(losses, wanted.losses)).toBeLessThan(1e-5);
    for (const [name, data] of wanted.state) expect(apart(trainer.read(name), data), name).toBeLessThan(2e-4);
    expect(trainer.step).toBe(2);
  });

  it('tells of every picture', async () => {
    const { ranks, norms, cosines, probes } = await trainer.run(tinyBatch(2, pictures));
    expect([ranks, norms, cosines].map(({ length }) => length)).toEqual([pictures, pictures, pictures]);
    expect(probes).toHaveLength(pictures * plan.classes);
    const { labels } = tinyBatch(2, pictures);
    labels.forEach((label, i) => {
      expect(cosines[i]).toBeCloseTo(probes[i * plan.classes + label] ?? Number.NaN, 6);
      expect(norms[i]).toBeGreaterThan(0);
    });
  });

  it('does not save its sums', () => {
    expect([...trainer.save().tensors.keys()].filter((name) => name.endsWith(':sum'))).toEqual([]);
  });
});

it.each<[string, OptimizerSettings]>([
  ['SGD', optimizer],
  ['AdamW', { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1, clipNorm: null }],
])('is one large batch where pictures know nothing of each other: %s', async (_, settings) => {
  const apartPlan = { ...plan, backbone: tinyApart, settings: tinyApart.defaults, optimizer: settings };
  const [several, one] = await Promise.all([
    open(apartPlan),
    open({ ...apartPlan, batch: pictures, accumulation: 1 }),
  ]);
  for (const step of [0, 1, 2]) {
    const a = structuredClone(await several.run(tinyBatch(step, pictures)));
    const b = await one.run(tinyBatch(step, pictures));
    expect(a.loss).toBeCloseTo(b.loss, 4);
    expect(apart([a.gradientNorm], [b.gradientNorm])).toBeLessThan(1e-4);
    expect(apart(a.cosines, b.cosines)).toBeLessThan(1e-3);
    expect(a.ranks).toEqual(b.ranks);
  }
  for (const [name, data] of one.save().tensors)
    expect(apart(several.read(name), data), name).toBeLessThan(1e-3);
  await Promise.all([several.close(), one.close()]);
});

describe.each([1, 3])('going back a step of %d batches', (parts) => {
  it('leaves everything as it was before', async () => {
    const trainer = await open({ ...plan, accumulation: parts });
    const batchOf = (step: number) => tinyBatch(step, batch * parts);
    await trainer.run(batchOf(0));
    const before = trainer.save();
    const first = structuredClone(await trainer.run(batchOf(1)));
    const after = trainer.save();
    expect(after.tensors).not.toEqual(before.tensors);
    trainer.revert();
    expect(trainer.save()).toEqual(before);
    expect(() => trainer.revert()).toThrow(/a step to go back to/);
    // nothing of a step that went wrong is left behind
    await trainer.run({ ...batchOf(1), rate: Number.NaN });
    expect(trainer.read('a.weight')[0]).toBeNaN();
    trainer.revert();
    expect(await trainer.run(batchOf(1))).toEqual(first);
    expect(trainer.save()).toEqual(after);
    await trainer.close();
  });
});
