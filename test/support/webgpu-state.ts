import { compileTraining } from '../../src/core/compile/training.ts';
import { openTrainerFor } from '../../src/main/engine/open-trainer.ts';
import { openTrainer } from '../../src/main/engine/train-session.ts';
import type { Trainer } from '../../src/main/engine/trainer.ts';
import { networks } from '../main/engine/tfjs-networks.ts';
import { formulaBatch } from './reference/formula.ts';

/**
 * A program of its own (see webgpu-training.ts): a small network with dropout, two batches a step, trained on WebGPU with
 * its state there. Prints the losses of steps, the same again after going back and after restoring, and how far the
 * state is from the processor's.
 */
const [first] = networks;
if (!first) throw new Error('there is a network');
// all classes in every step, or as many of them as the word says
const sampled = process.argv[2] === undefined ? undefined : Number(process.argv[2]);
const plan = { ...first, accumulation: 2, ...(sampled !== undefined && { classes: 40, sampled }) };
const seed = 5;

async function step(trainer: Trainer, number: number): Promise<number[]> {
  const batch = formulaBatch(number, plan.batch * 2, plan.size, plan.classes);
  const { loss, gradientNorm, ranks, norms, cosines, probes, others } = await trainer.run({
    ...batch,
    rate: 0.01,
  });
  return [loss, gradientNorm, ...ranks, ...norms, ...cosines, ...probes, ...others];
}

async function steps(trainer: Trainer): Promise<number[][]> {
  return [await step(trainer, 0), await step(trainer, 1), await step(trainer, 2)];
}

const processor = await openTrainer(compileTraining(plan), { seed, threads: 1 });
const wanted = await steps(processor);
const trainer = await openTrainerFor(plan, { engine: 'onnxruntime', provider: 'webgpu', threads: 1, seed });
const begin = trainer.save();
const got = await steps(trainer);
await trainer.fetch?.();
const state = trainer.save();
const fourth = await step(trainer, 3);
trainer.revert();
await trainer.fetch?.();
const reverted = trainer.save();
const again = await step(trainer, 3);
trainer.restore(begin);
const fromBegin = await steps(trainer);
trainer.restore(state);
const restored = await step(trainer, 3);

const distances = [...processor.save().tensors].map(([name, data]) => {
  const other = state.tensors.get(name) ?? new Float32Array();
  const largest = Math.max(...data.map(Math.abs), 1e-3);
  return Math.max(...data.map((value, i) => Math.abs(value - (other[i] ?? Number.NaN)))) / largest;
});
const sameNumbers = [...state.tensors].every(([name, data]) =>
  data.every((value, i) => value === reverted.tensors.get(name)?.[i]),
);
await trainer.close();
await processor.close();
const steppedTo = [begin.step, state.step, reverted.step];
console.log(
  JSON.stringify({ wanted, got, fourth, again, restored, fromBegin, distances, sameNumbers, steppedTo }),
);
