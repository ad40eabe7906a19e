/**
 * Partial FC: MobileFaceNet with ArcFace over very many classes, of which a step takes a sample; SGD with momentum.
 *   node bench/training/partial-fc.ts [--classes 1000000] [--rate 0.01] [--batch 32] [--steps 5] [--threads 2] [--checkpoint FOLDER]
 * Prints a JSON line: seconds to the first step, milliseconds of each step, losses beside the expected first one, the most
 * memory of the process in bytes, and with a folder the seconds of writing a checkpoint there and of reading it back.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expectedFirstLoss } from '../../src/core/compile/first-loss.ts';
import { planOf } from '../../src/core/recipe/plan.ts';
import { recipeSchema } from '../../src/core/recipe/recipe.ts';
import { openTrainerFor } from '../../src/main/engine/open-trainer.ts';
import { readCheckpoint, writeCheckpoint } from '../../src/main/training/checkpoint.ts';
import { liveTensors } from '../../src/main/training/state.ts';

const { values } = parseArgs({
  options: {
    classes: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '0.01' },
    batch: { type: 'string', default: '32' },
    steps: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
    checkpoint: { type: 'string' },
  },
});
const [classes, batch] = [Number(values.classes), Number(values.batch)];
const recipe = recipeSchema.parse({
  data: { version: 'none' },
  network: { backbone: 'mobilefacenet' },
  head: { kind: 'arcface', sampling: values.rate === '0' ? null : { rate: Number(values.rate) } },
  batch,
});
const plan = planOf(recipe, classes);
const seconds = (since: number): number => Math.round(performance.now() - since) / 1000;

const openedAt = performance.now();
const device = { engine: 'onnxruntime', provider: 'cpu', threads: Number(values.threads), seed: 1 } as const;
const trainer = await openTrainerFor(plan, device);
const openSeconds = seconds(openedAt);
const images = Uint8Array.from({ length: batch * 112 * 112 * 3 }, (_, i) => (i * 31 + (i >> 7) * 17) & 255);
const [stepMs, losses]: [number[], number[]] = [[], []];
for (let step = 0; step < Number(values.steps); step++) {
  const labels = Int32Array.from({ length: batch }, (_, i) => (i * 7919 + step * 104_729) % classes);
  const at = performance.now();
  losses.push((await trainer.run({ images, labels, rate: 0.01 })).loss);
  stepMs.push(Math.round(performance.now() - at));
}
let checkpoint = {};
if (values.checkpoint !== undefined) {
  const dir = values.checkpoint;
  const tensors = liveTensors(trainer, plan);
  const facts = { step: trainer.step, epoch: 0, recipe, seconds: 0, best: null, mark: null, sinceBest: 0 };
  const writtenAt = performance.now();
  const { file, bytes } = await writeCheckpoint(dir, { ...facts, validated: null, provider: 'cpu' }, tensors);
  const writeSeconds = seconds(writtenAt);
  const own = new Map(tensors.map(({ name, data }) => [name, data()]));
  const readAt = performance.now();
  trainer.restore((await readCheckpoint(join(dir, file), ({ name }) => own.get(name) ?? null)).state);
  checkpoint = { bytes, writeSeconds, readSeconds: seconds(readAt) };
  await rm(join(dir, file));
}
await trainer.close();
const memory = process.resourceUsage().maxRSS * 1024;
const expected = expectedFirstLoss(plan);
console.log(
  JSON.stringify({
    classes,
    sampled: plan.sampled,
    batch,
    openSeconds,
    stepMs,
    losses,
    expected,
    memory,
    ...checkpoint,
  }),
);
