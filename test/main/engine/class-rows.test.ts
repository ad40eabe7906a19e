import { describe, expect, it } from 'vitest';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { heads } from '../../../src/core/heads/index.ts';
import { sampleClasses } from '../../../src/core/training/class-sample.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import type { Batch, Trainer } from '../../../src/main/engine/trainer.ts';
import { formulaBatch } from '../../support/reference/formula.ts';
import { tinyPlan } from '../../support/reference/tiny.ts';

const [classes, sampled, seed] = [40, 24, 5];
const plan: TrainingPlan = { ...tinyPlan, classes };
const adamw = {
  kind: 'adamw',
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.05,
  clipNorm: null,
} as const;

const open = (of: TrainingPlan): Promise<Trainer> => openTrainer(compileTraining(of), { seed, threads: 1 });

function batch(step: number, of: TrainingPlan): Batch {
  return { ...formulaBatch(step, of.batch * of.accumulation, of.size, classes), rate: 0.05 };
}

/** The state after so many steps, and the losses. */
async function trained(of: TrainingPlan, steps: number) {
  const trainer = await open(of);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await trainer.run(batch(step, of))).loss);
  const { tensors } = trainer.save();
  await trainer.close();
  return { losses, tensors };
}

describe.each<[string, TrainingPlan]>([
  ['momentum', plan],
  ['AdamW', { ...plan, optimizer: adamw }],
  ['accumulation', { ...plan, accumulation: 2 }],
])('with %s', (_, base) => {
  it('a sample of all classes gives the same bits as training without one', async () => {
    const [whole, all] = [await trained(base, 3), await trained({ ...base, sampled: classes }, 3)];
    expect(all.losses).toEqual(whole.losses);
    expect([...all.tensors.keys()]).toEqual([...whole.tensors.keys()]);
    for (const [name, numbers] of whole.tensors) expect(all.tensors.get(name), name).toEqual(numbers);
  });

  it('a step is that of a network with the sampled classes alone, and no other row changes', async () => {
    const of = { ...base, sampled };
    const trainer = await open(of);
    for (let step = 0; step < 2; step++) await trainer.run(batch(step, of));
    const before = trainer.save();
    const { labels, ...rest } = batch(2, of);
    const { rows, labels: places } = sampleClasses({ classes, sampled, labels, seed, step: 2 });
    const small = await open({ ...base, classes: sampled });
    const width = (name: string): number => (before.tensors.get(name)?.length ?? 0) / classes;
    const some = (tensors: ReadonlyMap<string, Float32Array>, name: string): number[] =>
      [...rows].flatMap((row) =>
        [...(tensors.get(name) ?? [])].slice(row * width(name), (row + 1) * width(name)),
      );
    const ofClasses = [...before.tensors.keys()].filter((name) => name.startsWith('classes.'));
    const tensors = new Map(before.tensors);
    for (const name of ofClasses) tensors.set(name, Float32Array.from(some(before.tensors, name)));
    small.restore({ step: 2, tensors });

    const [got, wanted] = [
      await trainer.run({ ...rest, labels }),
      await small.run({ ...rest, labels: places }),
    ];
    expect(got).toEqual(wanted);
    const [now, reference] = [trainer.save().tensors, small.save().tensors];
    for (const [name, numbers] of reference)
      expect(ofClasses.includes(name) ? some(now, name) : [...(now.get(name) ?? [])], name).toEqual([
        ...numbers,
      ]);
    for (const name of ofClasses) {
      const moved = Array.from({ length: classes }, (__, row) => row).filter((row) => {
        const at = (of: ReadonlyMap<string, Float32Array>) =>
          of.get(name)?.subarray(row * width(name), (row + 1) * width(name));
        return String(at(now)) !== String(at(before.tensors));
      });
      expect(moved).toEqual([...rows]);
    }
    await trainer.close();
    await small.close();
  });

  it('goes on from where it was saved, and back, with the same bits', async () => {
    const of = { ...base, sampled };
    const whole = await trained(of, 4);
    const [first, second] = [await open(of), await open({ ...of })];
    for (let step = 0; step < 2; step++) await first.run(batch(step, of));
    const saved = first.save();
    second.restore(saved);
    for (let step = 2; step < 4; step++) {
      await second.run(batch(step + 7, of));
      second.revert();
      if (step === 2) expect(second.save()).toEqual(saved);
      await second.run(batch(step, of));
    }
    for (const [name, numbers] of whole.tensors) expect(second.read(name), name).toEqual(numbers);
    await first.close();
    await second.close();
  });
});

it.each(heads.map((head) => [head.name, head] as const))('%s trains with a sample', async (_, head) => {
  const of = { ...plan, head, headSettings: Object.values(head.presets)[0] ?? {}, sampled };
  const { losses, tensors } = await trained(of, 2);
  expect(losses.every(Number.isFinite)).toBe(true);
  const reference = compileTraining({ ...of, sampled: undefined });
  for (const { name, shape, kind } of reference.state)
    if (kind !== 'accumulator')
      expect(tensors.get(name)?.length, name).toBe(shape.reduce((a, b) => a * b, 1));
});
