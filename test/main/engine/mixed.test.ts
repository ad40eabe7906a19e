import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { densenet } from '../../../src/core/backbones/densenet.ts';
import { mobilefacenet } from '../../../src/core/backbones/mobilefacenet.ts';
import { compileDiagnosis } from '../../../src/core/compile/diagnose.ts';
import { type LossScaling, scaleNames, usualScaling } from '../../../src/core/compile/loss-scale.ts';
import { compileGradients, compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { count } from '../../../src/core/graph/shape.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import type { Tensor } from '../../../src/main/engine/tensor.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import type { StepResult, Trainer, TrainingState } from '../../../src/main/engine/trainer.ts';
import { formulaBatch, formulaParameter } from '../../support/reference/formula.ts';
import { tiny, tinyBatch, tinyPlan } from '../../support/reference/tiny.ts';
import { roundedModel } from '../../support/rounded-model.ts';

/** With all the rounding of half precision, which onnxruntime's processor leaves out. */
function open(plan: TrainingPlan): Promise<Trainer> {
  const compiled = compileTraining(plan);
  return openTrainer({ ...compiled, model: roundedModel(compiled.model) }, { seed: 3, threads: 1 });
}
const scaled = (more: Partial<LossScaling> = {}): TrainingPlan => ({
  ...tinyPlan,
  mixed: { ...usualScaling, ...more },
});
/** So much that the first derivatives overflow. */
const tooMuch = 2 ** 40;

async function steps(trainer: Trainer, from: number, to: number, pictures?: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (let step = from; step < to; step++)
    results.push(structuredClone(await trainer.run(tinyBatch(step, pictures))));
  return results;
}

const one = ({ tensors }: TrainingState, name: string): number => tensors.get(name)?.[0] ?? Number.NaN;
const scaleOf = (state: TrainingState): number => one(state, scaleNames.scale);
/** The state without the scale's own. */
function others({ tensors }: TrainingState): Map<string, Float32Array> {
  const own = Object.values(scaleNames);
  return new Map([...tensors].filter(([name]) => !own.includes(name)));
}

async function gradients(plan: TrainingPlan): Promise<ReadonlyMap<string, Float32Array>> {
  const { model, state, running, masks } = compileGradients(plan);
  const { images, labels } = formulaBatch(0, plan.batch, plan.size, plan.classes);
  const session = await openSession(
    { name: 'gradients', bytes: writeOnnx(roundedModel(model)) },
    { threads: 1, rewrite: false },
  );
  const feeds: Record<string, Tensor> = {
    images: { shape: [plan.batch, plan.size, plan.size, 3], data: images },
    labels: { shape: [plan.batch], data: labels },
  };
  for (const { name, shape, initial } of [...state, ...running])
    feeds[name] = { shape, data: formulaParameter(name, shape, initial) };
  for (const { name, shape } of masks) feeds[name] = { shape, data: new Uint8Array(count(shape)).fill(1) };
  const results = await session.run(feeds);
  await session.close();
  return new Map(
    Object.entries(results).map(([name, { data }]) => [name, Float32Array.from(data as Float32Array)]),
  );
}

const length = (numbers: ArrayLike<number>): number =>
  Math.sqrt(Array.from(numbers).reduce((sum, x) => sum + x * x, 0));

interface Small {
  readonly backbone: Backbone;
  readonly size: number;
  /** How far a derivative may be away, as a part of its length. */
  readonly apart: number;
  /** Whether a few steps of it are fast enough for a test. */
  readonly trains: boolean;
}

const small: readonly Small[] = [
  { backbone: tiny, size: 14, apart: 0.03, trains: true },
  // Fifty layers of random numbers make any change larger: with the pictures alone rounded, once, derivatives are half as
  // far away already.
  {
    backbone: { ...mobilefacenet, defaults: { ...mobilefacenet.defaults, embedding: 32 } },
    ...{ size: 32, apart: 0.25, trains: false },
  },
  {
    backbone: densenet({ layers: 0, units: [2, 2, 2, 2], growth: 8, first: 16 }),
    ...{ size: 28, apart: 0.25, trains: true },
  },
];

describe.each(small.map((each) => [each.backbone.name, each] as const))(
  '%s in mixed precision',
  (_, each) => {
    const { backbone, size } = each;
    const plan = { ...tinyPlan, backbone, settings: { ...backbone.defaults, dropout: 0 }, size };

    it('has the loss and the derivatives of single precision, but for the digits it lacks', {
      timeout: 60_000,
    }, async () => {
      const wanted = await gradients(plan);
      const got = await gradients({ ...plan, mixed: { ...usualScaling, initial: 2 ** 8 } });
      const loss = wanted.get('loss')?.[0] ?? Number.NaN;
      expect(Math.abs((got.get('loss')?.[0] ?? Number.NaN) / loss - 1)).toBeLessThan(5e-3);
      const named = [...wanted].filter(([name]) => name.endsWith(':gradient'));
      const whole = length(named.map(([, numbers]) => length(numbers)));
      for (const [name, numbers] of named) {
        const apart = length(numbers.map((value, i) => value - (got.get(name)?.[i] ?? Number.NaN)));
        // some are 0 but for rounding, before a normalisation
        expect(apart / Math.max(length(numbers), 1e-3 * whole), name).toBeLessThan(each.apart);
      }
    });

    const learns = 'learns: twenty steps lower the loss';
    if (each.trains)
      it(learns, { timeout: 60_000 }, async () => {
        const trainer = await open({ ...plan, mixed: usualScaling });
        const batch = { ...formulaBatch(0, plan.batch, size, plan.classes), rate: 0.02 };
        const losses: number[] = [];
        for (let step = 0; step < 20; step++) losses.push((await trainer.run(batch)).loss);
        await trainer.close();
        expect(losses.every(Number.isFinite)).toBe(true);
        expect(losses.at(-1) ?? Number.NaN).toBeLessThan((losses[0] ?? Number.NaN) * 0.7);
      });
  },
);

describe('a loss scaled too much', () => {
  it('skips the step bit for bit, halves the scale, and is counted', async () => {
    const adamw = {
      kind: 'adamw',
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: 0.1,
      clipNorm: 5,
    } as const;
    for (const more of [{}, { optimizer: adamw, average: 0.9 }, { sampled: 4, classes: 9 }]) {
      const trainer = await open({ ...scaled({ initial: tooMuch }), ...more });
      const before = trainer.save();
      expect(scaleOf(before)).toBe(tooMuch);
      const [result] = await steps(trainer, 0, 1);
      expect(Number.isFinite(result?.loss)).toBe(true);
      expect(Number.isFinite(result?.gradientNorm)).toBe(false);
      expect(result?.told).toMatchObject({ lossScale: tooMuch, skippedSteps: 0 });
      const after = trainer.save();
      expect(others(after)).toEqual(others(before));
      expect(after.step).toBe(1);
      expect(scaleOf(after)).toBe(tooMuch / 2);
      expect(one(after, scaleNames.skipped)).toBe(1);
      await trainer.close();
    }
  });

  it('finds a scale that fits, and learns from there on', async () => {
    const trainer = await open(scaled({ initial: tooMuch }));
    const results = await steps(trainer, 0, 40);
    const state = trainer.save();
    const skipped = results.filter(({ gradientNorm }) => !Number.isFinite(gradientNorm)).length;
    expect(skipped).toBeGreaterThan(5);
    expect(skipped).toBeLessThan(35);
    expect(scaleOf(state)).toBe(tooMuch / 2 ** skipped);
    expect(one(state, scaleNames.skipped)).toBe(skipped);
    expect(others(state)).not.toEqual(others(await fresh()));
    await trainer.close();
  });

  it('with accumulation takes back what the whole step did to parameters', async () => {
    const plan = { ...scaled({ initial: tooMuch }), batch: 5, accumulation: 2 };
    const trainer = await open(plan);
    const before = trainer.save();
    await steps(trainer, 0, 1, 10);
    expect(others(trainer.save())).toEqual(others(before));
    expect(scaleOf(trainer.save())).toBe(tooMuch / 2);
    await trainer.close();
  });

  it('never falls below 1', async () => {
    const trainer = await open(scaled({ initial: 1 }));
    const broken = trainer.save();
    // a network that cannot be finite at any scale
    broken.tensors.get('a.weight')?.fill(Number.NaN);
    trainer.restore(broken);
    await steps(trainer, 0, 2);
    expect(scaleOf(trainer.save())).toBe(1);
    expect(one(trainer.save(), scaleNames.skipped)).toBe(2);
    await trainer.close();
  });
});

async function fresh(): Promise<TrainingState> {
  const trainer = await open(scaled());
  const state = trainer.save();
  await trainer.close();
  return state;
}

describe('a scale', () => {
  it('doubles after so many good steps in a row', async () => {
    const trainer = await open(scaled({ initial: 8, every: 3 }));
    const results = await steps(trainer, 0, 7);
    expect(results.map(({ told }) => told['lossScale'])).toEqual([8, 8, 8, 16, 16, 16, 32]);
    await trainer.close();
  });

  it('changes no bit of what single precision would not round either: it is a power of two', async () => {
    const [a, b] = [await open(scaled({ initial: 2 ** 9 })), await open(scaled({ initial: 2 ** 10 }))];
    const [[first], [second]] = [await steps(a, 0, 1), await steps(b, 0, 1)];
    // derivatives that are normal numbers of half precision at both scales are the same
    expect(Math.abs((first?.gradientNorm ?? 0) / (second?.gradientNorm ?? 1) - 1)).toBeLessThan(1e-4);
    await a.close();
    await b.close();
  });

  it('is part of what a run continues from: the same bits follow', async () => {
    const plan = scaled({ initial: 2 ** 22, every: 2 });
    const whole = await open(plan);
    const wanted = await steps(whole, 0, 12);
    const first = await open(plan);
    const begun = await steps(first, 0, 5);
    const saved = first.save();
    await first.close();
    const second = await open(plan);
    second.restore(saved);
    expect([...begun, ...(await steps(second, 5, 12))]).toEqual(wanted);
    expect(second.save()).toEqual(whole.save());
    // some were skipped, some were not
    const skipped = wanted.filter(({ gradientNorm }) => !Number.isFinite(gradientNorm)).length;
    expect(skipped).toBeGreaterThan(0);
    expect(skipped).toBeLessThan(12);
    await whole.close();
    await second.close();
  });
});

describe('a diagnosis', () => {
  it('has half precision’s range: what single precision bears is too large there', async () => {
    const forward = async (mixed: LossScaling | null): Promise<number[]> => {
      const { model, parameters, state, masks } = compileDiagnosis({ ...tinyPlan, mixed });
      const { images, labels } = tinyBatch(0);
      const feeds: Record<string, Tensor> = {
        images: { shape: [tinyPlan.batch, 14, 14, 3], data: images },
        labels: { shape: [tinyPlan.batch], data: labels },
      };
      for (const { name, shape, initial } of [...parameters, ...state])
        feeds[name] =
          name === 'b.weight'
            ? { shape, data: new Float32Array(count(shape)).fill(1e6) }
            : { shape, data: formulaParameter(name, shape, initial) };
      for (const { name, shape } of masks)
        feeds[name] = { shape, data: new Uint8Array(count(shape)).fill(1) };
      const session = await openSession(
        { name: 'diagnosis', bytes: writeOnnx(roundedModel(model)) },
        { threads: 1 },
      );
      const results = await session.run(feeds);
      await session.close();
      const found = Array.from(results['forward']?.data ?? [], Number);
      return parameters.flatMap(({ name }, i) =>
        Number.isNaN(found[i]) && name.startsWith('b.weight') ? [i] : [],
      );
    };
    expect(await forward(null)).toEqual([]);
    expect(await forward(usualScaling)).toHaveLength(1);
  });
});
