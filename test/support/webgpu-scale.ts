import { scaleNames, usualScaling } from '../../src/core/compile/loss-scale.ts';
import { compileTraining } from '../../src/core/compile/training.ts';
import { targetOf } from '../../src/main/engine/target-of.ts';
import { openResidentTrainer } from '../../src/main/engine/train-resident.ts';
import { tinyBatch, tinyPlan } from './reference/tiny.ts';
import { singleModel } from './rounded-model.ts';

/**
 * A program of its own, since a Vulkan driver is chosen when a process starts: steps on WebGPU with a loss so large that
 * single precision overflows, which the device has in place of half. Prints as JSON what each step told, and whether it
 * changed any parameter.
 */
const plan = { ...tinyPlan, mixed: { ...usualScaling, initial: 2 ** 126 } };
const compiled = compileTraining(plan, await targetOf('webgpu'));
const trainer = await openResidentTrainer(
  { ...compiled, model: singleModel(compiled.model) },
  { seed: 3, threads: 1, provider: 'webgpu' },
);
const numbers = async (): Promise<string> => {
  await trainer.fetch?.();
  const own = Object.values(scaleNames);
  return JSON.stringify(
    [...trainer.save().tensors].flatMap(([name, data]) => (own.includes(name) ? [] : [...data])),
  );
};
const steps: unknown[] = [];
for (let step = 0; step < 3; step++) {
  const before = await numbers();
  const { gradientNorm, told } = await trainer.run(tinyBatch(step));
  steps.push({ finite: Number.isFinite(gradientNorm), ...told, changed: (await numbers()) !== before });
}
await trainer.close();
console.log(JSON.stringify(steps));
