import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { densenet } from '../../../src/core/backbones/densenet.ts';
import { dpn } from '../../../src/core/backbones/dpn.ts';
import { resnet } from '../../../src/core/backbones/resnet.ts';
import { anyTarget, compileTraining, type Target } from '../../../src/core/compile/training.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import { detectBlock } from '../../../src/main/engine/train-target.ts';
import { formulaBatch } from '../../support/reference/formula.ts';
import { tinyPlan } from '../../support/reference/tiny.ts';

const block = await detectBlock();
const size = 28;

/** Small members of families with convolutions in groups, concatenations and means: by whole steps of training. */
const families: readonly Backbone[] = [
  resnet('SE-ResNeXt', {
    ...{ name: 'se-resnext', title: 'SE-ResNeXt', units: [1, 1, 1, 1], unit: 'bottleneck' },
    ...{ groups: 8, width: 4, first: 16, excite: true },
  }),
  densenet({ layers: 0, units: [2, 2, 2, 2], growth: 8, first: 16 }),
  dpn({
    ...{ layers: 0, first: 10, kernel: 3, base: 16, middle: 32, groups: 8 },
    ...{ units: [1, 1, 1, 1], growth: [4, 8, 8, 16] },
  }),
];

describe.each(families)('training a small $family', (backbone) => {
  const settings = { ...backbone.defaults, embedding: 16, dropout: 0.2, shortcut: 'mean' } as const;
  const plan = { ...tinyPlan, backbone, settings, size };
  const losses = async (target: Target, steps: number): Promise<number[]> => {
    const trainer = await openTrainer(compileTraining(plan, target), { seed: 3, threads: 1 });
    const batch = { ...formulaBatch(0, plan.batch, size, plan.classes), rate: 0.05 };
    const found: number[] = [];
    for (let step = 0; step < steps; step++) found.push((await trainer.run(batch)).loss);
    await trainer.close();
    return found;
  };

  it('makes the loss of a batch fall, from the same first numbers to the same losses', {
    timeout: 120_000,
  }, async () => {
    const found = await losses({ block }, 10);
    expect(found.every(Number.isFinite)).toBe(true);
    expect(found.at(-1) ?? Number.NaN).toBeLessThan((found[0] ?? Number.NaN) * 0.7);
    if (block === null) return;
    // by the operators of any processor: the first steps, before rounding has grown
    const [first, second] = await losses(anyTarget, 2);
    expect(Math.abs((first ?? Number.NaN) / (found[0] ?? Number.NaN) - 1)).toBeLessThan(1e-5);
    expect(Math.abs((second ?? Number.NaN) / (found[1] ?? Number.NaN) - 1)).toBeLessThan(1e-2);
  });
});
