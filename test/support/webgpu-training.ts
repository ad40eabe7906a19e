import { mobilefacenet } from '../../src/core/backbones/mobilefacenet.ts';
import type { TrainingPlan } from '../../src/core/compile/training.ts';
import { arcface } from '../../src/core/heads/arcface.ts';
import { openTrainerFor } from '../../src/main/engine/open-trainer.ts';
import { parseProvider } from '../../src/main/engine/providers.ts';
import { formulaBatch } from './reference/formula.ts';

/**
 * A program of its own, since a Vulkan driver is chosen when a process starts: three training steps of MobileFaceNet on
 * the provider of its argument, gentle ones, so that rounding does not grow. Prints what they gave as JSON.
 */
const plan: TrainingPlan = {
  backbone: mobilefacenet,
  settings: { ...mobilefacenet.defaults, embedding: 128 },
  size: 32,
  pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
  head: arcface,
  headSettings: { scale: 32, margin: 0.4 },
  loss: { kind: 'cross-entropy', smoothing: 0 },
  classes: 10,
  batch: 4,
  accumulation: 1,
  optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0, clipNorm: null },
};

const provider = parseProvider(process.argv[2] ?? '');
const trainer = await openTrainerFor(plan, { engine: 'onnxruntime', provider, threads: 1, seed: 7 });
const steps: { loss: number; gradientNorm: number }[] = [];
for (let step = 0; step < 3; step++) {
  const { loss, gradientNorm } = await trainer.run({ ...formulaBatch(step, 4, plan.size, 10), rate: 2e-4 });
  steps.push({ loss, gradientNorm });
}
await trainer.close();
console.log(JSON.stringify(steps));
