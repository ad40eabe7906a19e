import type { TrainingPlan } from '../../src/core/compile/training.ts';
import type { Distillation } from '../../src/core/heads/distillation.ts';
import { openTrainerFor } from '../../src/main/engine/open-trainer.ts';
import { parseProvider } from '../../src/main/engine/providers.ts';
import { tinyBatch, tinyPlan } from './reference/tiny.ts';

/**
 * A program of its own (see webgpu-training.ts): three steps of a small network that learns from a teacher by everything
 * that there is, on the provider of its argument. Prints the loss and each part of it as JSON.
 */
const weight = 0.5;
const distillation: Distillation = {
  ...{ embedding: 7, softTargets: { weight, temperature: 4 }, features: { weight, of: 'raw' } },
  ...{ distances: { weight }, angles: { weight }, neighbours: { weight }, similarities: { weight } },
  maps: [
    { name: 'first', channels: 8, side: 7 },
    { name: 'last', channels: 6, side: 3 },
  ],
  flow: { weight, student: null, teacher: ['first', 'last'] },
  factors: { weight, student: 'b', teacher: 'last', share: 0.5, after: 1 },
};
const plan: TrainingPlan = { ...tinyPlan, distillation };
const n = plan.batch;
const lengths = [
  ['teacher', 7],
  ['teacher-logits', plan.classes],
  ['teacher-map:first', 8 * 49],
  ['teacher-map:last', 6 * 9],
] as const;

const provider = parseProvider(process.argv[2] ?? '');
const trainer = await openTrainerFor(plan, { engine: 'onnxruntime', provider, threads: 1, seed: 7 });
const steps: Record<string, number>[] = [];
for (let step = 0; step < 3; step++) {
  const numbers = (length: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => 2 * Math.sin((step + 1) * (i * i + 3)));
  const given = new Map(lengths.map(([name, length]) => [name, numbers(n * length)]));
  const { loss, told } = await trainer.run({ ...tinyBatch(step, n), rate: 1e-3, given });
  steps.push({ loss, ...told });
}
await trainer.close();
console.log(JSON.stringify(steps));
