import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OptimizerSettings } from '../../../src/core/compile/3-optimizer.ts';
import { compileInference } from '../../../src/core/compile/inference.ts';
import { compileTraining } from '../../../src/core/compile/training.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import type { StepResult, Trainer } from '../../../src/main/engine/trainer.ts';
import { tinyPlan as plan, tinySgd as sgd, tinyBatch } from '../../support/reference/tiny.ts';

async function steps(trainer: Trainer, from: number, to: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  // a result's arrays hold until the next step
  for (let step = from; step < to; step++) results.push(structuredClone(await trainer.run(tinyBatch(step))));
  return results;
}

describe('a trainer', () => {
  const open = (threads: number, seed = 1) => openTrainer(compileTraining(plan), { seed, threads });
  let whole: StepResult[] = [];
  let trainer: Trainer;
  beforeAll(async () => {
    trainer = await open(1);
    whole = await steps(trainer, 0, 8);
  });
  afterAll(() => trainer.close());

  it('gives the same bits again, and with two threads', async () => {
    for (const threads of [1, 2]) {
      const other = await open(threads);
      expect(await steps(other, 0, 8)).toEqual(whole);
      expect(other.save()).toEqual(trainer.save());
      await other.close();
    }
  });

  it('continues from a saved state exactly', async () => {
    const first = await open(1);
    const begun = await steps(first, 0, 3);
    const saved = first.save();
    await steps(first, 3, 5); // what is saved is a copy
    await first.close();
    const second = await open(1);
    second.restore(saved);
    expect(second.step).toBe(3);
    expect([...begun, ...(await steps(second, 3, 8))]).toEqual(whole);
    await second.close();
  });

  it('begins elsewhere with another seed', async () => {
    const other = await open(1, 2);
    const [result] = await steps(other, 0, 1);
    expect(result?.loss).not.toBe(whole[0]?.loss);
    await other.close();
  });

  it('refuses the state of another network', () => {
    const { tensors } = trainer.save();
    const wrong = new Map(tensors).set('a.weight', new Float32Array(3));
    expect(() => trainer.restore({ step: 1, tensors: wrong })).toThrow(/a\.weight/);
    expect(trainer.step).toBe(8);
  });

  it('moves running statistics and momentum', () => {
    for (const name of ['a.mean', 'a.variance', 'a.weight:momentum'])
      expect(new Set(trainer.read(name)).size).toBeGreaterThan(1);
  });
});

it.each<[string, OptimizerSettings]>([
  ['SGD', { ...sgd, clipNorm: null }],
  ['SGD without momentum', { ...sgd, momentum: 0, nesterov: false }],
  ['AdamW', { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, clipNorm: null }],
])('%s learns one batch by heart', async (_, optimizer) => {
  const compiled = compileTraining({ ...plan, optimizer, settings: { embedding: 8, dropout: 0 } });
  const trainer = await openTrainer(compiled, { seed: 3, threads: 1 });
  const { loss: first } = await trainer.run(tinyBatch(0));
  let last = await trainer.run(tinyBatch(0));
  for (let i = 0; i < 60; i++) last = await trainer.run({ ...tinyBatch(0), rate: 0.02 });
  expect(last.loss).toBeLessThan(first / 4);
  expect([...last.ranks]).toEqual(Array(plan.batch).fill(0));
  await trainer.close();
});

it('exports what it has trained, for batches of any size', async () => {
  const trainer = await openTrainer(compileTraining(plan), { seed: 1, threads: 1 });
  await steps(trainer, 0, 3);
  const model = compileInference(plan, trainer.save().tensors);
  await trainer.close();
  const session = await openSession({ name: 'tiny', bytes: writeOnnx(model) }, { threads: 1 });
  const { images } = tinyBatch(0);
  const embed = async (first: number, count: number): Promise<number[]> => {
    const pixels = 14 * 14 * 3;
    const data = images.slice(first * pixels, (first + count) * pixels);
    const { embedding } = await session.run({ images: { shape: [count, 14, 14, 3], data } });
    expect(embedding?.shape).toEqual([count, 8]);
    return [...Float32Array.from(embedding?.data as Float32Array)];
  };
  const together = await embed(0, 3);
  const apart = [...(await embed(0, 1)), ...(await embed(1, 2))];
  together.forEach((value, i) => {
    expect(apart[i]).toBeCloseTo(value, 5);
  });
  await session.close();
});
