import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import type { Distillation } from '../../../src/core/heads/distillation.ts';
import { openTfjsTrainer } from '../../../src/main/engine/tfjs/trainer.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import type { Batch } from '../../../src/main/engine/trainer.ts';
import { tinyBatch, tinyPlan } from '../../support/reference/tiny.ts';

beforeAll(async () => {
  tf.env().set('IS_TEST', true); // no advertisement in the log
  await tf.setBackend('cpu');
});

const weight = 0.5;
const distillation: Distillation = {
  ...{ embedding: 7, softTargets: { weight, temperature: 4 }, features: { weight, of: 'raw' } },
  ...{ distances: { weight }, angles: { weight }, neighbours: { weight }, similarities: { weight } },
  maps: [
    { name: 'first', channels: 8, side: 7 },
    { name: 'last', channels: 6, side: 3 },
  ],
  flow: { weight, student: null, teacher: ['first', 'last'] },
  factors: { weight, student: 'b', teacher: 'last', share: 0.5, after: 3 },
};
const accumulation = 2;
const plan: TrainingPlan = { ...tinyPlan, distillation, accumulation };
const n = plan.batch * accumulation;

/** What a teacher might say of a step. */
function batchOf(step: number): Batch {
  const numbers = (length: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => 2 * Math.sin((step + 1) * (i * i + 3)));
  const given = new Map([
    ['teacher', numbers(n * 7)],
    ['teacher-logits', numbers(n * plan.classes)],
    ['teacher-map:first', numbers(n * 8 * 49)],
    ['teacher-map:last', numbers(n * 6 * 9)],
  ]);
  return { ...tinyBatch(step, n), given };
}

it('a teacher says the same to every engine, batch by batch', async () => {
  const options = { seed: 5, threads: 1 };
  const [own, other] = [
    await openTrainer(compileTraining(plan), options),
    await openTfjsTrainer(plan, options, tf),
  ];
  const parts = [
    ...['angles', 'distances', 'factors', 'features', 'flow', 'neighbours', 'paraphraser', 'similarities'],
    'softTargets',
  ];
  for (let step = 0; step < 3; step++) {
    const [a, b] = [await own.run(batchOf(step)), await other.run(batchOf(step))];
    expect(Object.keys(a.told).toSorted()).toEqual(parts);
    expect(Math.abs(a.loss - b.loss) / a.loss).toBeLessThan(1e-4);
    // factors are told after three batches, which are one step and a half
    expect(a.told['factors'] === 0).toBe(step === 0);
    for (const part of parts.filter((one) => a.told[one] !== 0))
      expect(Math.abs((a.told[part] ?? 0) / (b.told[part] ?? 0) - 1)).toBeLessThan(1e-3);
  }
  // what another half says counts: the second batch's part of it is not the first's
  const step = batchOf(3);
  const swapped = new Map([...(step.given ?? [])]);
  const logits = swapped.get('teacher-logits') ?? new Float32Array();
  const half = logits.length / 2;
  swapped.set('teacher-logits', Float32Array.of(...logits.subarray(half), ...logits.subarray(0, half)));
  const { loss } = await own.run(step);
  own.revert();
  expect(Math.abs((await own.run({ ...step, given: swapped })).loss - loss)).toBeGreaterThan(1e-4);
  await own.close();
  await other.close();
}, 60_000);
