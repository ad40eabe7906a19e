import { describe, expect, it } from 'vitest';
import { compileDiagnosis } from '../../../src/core/compile/diagnose.ts';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { adacos } from '../../../src/core/heads/adacos.ts';
import { adaface } from '../../../src/core/heads/adaface.ts';
import { curricularFace } from '../../../src/core/heads/curricularface.ts';
import { softmax } from '../../../src/core/heads/softmax.ts';
import { sphereface } from '../../../src/core/heads/sphereface.ts';
import { diagnose } from '../../../src/main/engine/diagnose.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import type { TrainingState } from '../../../src/main/engine/trainer.ts';
import { tinyBatch, tinyPlan } from '../../support/reference/tiny.ts';

const options = { seed: 1, threads: 1 };

/** A healthy state, in which some tensors are filled with a number. */
async function stateOf(
  plan: TrainingPlan,
  planted: Readonly<Record<string, number>>,
): Promise<TrainingState> {
  const trainer = await openTrainer(compileTraining(plan), options);
  const { tensors } = trainer.save();
  await trainer.close();
  for (const [name, value] of Object.entries(planted)) tensors.get(name)?.fill(value);
  return { step: 0, tensors };
}

const found = async (planted: Readonly<Record<string, number>>, plan = tinyPlan) =>
  diagnose(plan, await stateOf(plan, planted), tinyBatch(0, plan.batch * plan.accumulation), options);

describe('a diagnosis', () => {
  it('has nothing to say of what is well', async () => {
    expect(await found({})).toBeNull();
  });

  it.each<[Readonly<Record<string, number>>, string]>([
    [{ 'a.weight': Number.NaN }, 'a'],
    [{ 'b.weight': 1e38 }, 'b'],
    [{ 'c.beta': Number.POSITIVE_INFINITY }, 'c'],
    [{ 'classes.weight': Number.NaN }, 'classes'],
    [{ 'b.weight': Number.NaN, 'c.weight': Number.NaN }, 'b'],
  ])('names the first layer that goes wrong: %o', async (planted, layer) => {
    expect(await found(planted)).toEqual({ layer, direction: 'forward', batch: 0 });
  });

  it('names the loss where every layer is well', async () => {
    const plan = { ...tinyPlan, head: softmax, headSettings: {} };
    // logits of ±3e38 are finite, their difference is not
    const state = await stateOf(plan, { 'classes.weight': 0 });
    state.tensors.get('classes.bias')?.set([3e38, -3e38, 3e38, -3e38, 3e38]);
    expect(await diagnose(plan, state, tinyBatch(0), options)).toMatchObject({ layer: 'loss' });
  });

  it('names the first layer on the way back where only derivatives overflow', async () => {
    // embeddings of a length of 1e-12 are made a length of 1, after a scale that is finite itself
    const plan = { ...tinyPlan, headSettings: { scale: 1e30, margin: 0 } };
    expect(await found({ 'c.gamma': 1e-13, 'c.beta': 0 }, plan)).toEqual({
      layer: 'c',
      direction: 'backward',
      batch: 0,
    });
  });

  it.each([curricularFace, adacos, sphereface, adaface])('knows the state of $title', async (head) => {
    const plan = { ...tinyPlan, head, headSettings: Object.values(head.presets)[0] ?? {} };
    expect(await found({}, plan)).toBeNull();
    expect(await found({ 'b.weight': Number.NaN }, plan)).toMatchObject({ layer: 'b' });
  });

  it('takes steps of several batches', async () => {
    const plan = { ...tinyPlan, accumulation: 2 };
    expect(await found({}, plan)).toBeNull();
    expect(await found({ 'a.slope': Number.NaN }, plan)).toEqual({
      layer: 'a',
      direction: 'forward',
      batch: 0,
    });
  });
});

it('goes through parameters as the network does', () => {
  expect(compileDiagnosis(tinyPlan).parameters.map(({ name }) => name)).toEqual([
    ...['a.weight', 'a.gamma', 'a.beta', 'a.slope', 'b.weight', 'b.gamma', 'b.beta'],
    ...['c.weight', 'c.bias', 'c.gamma', 'c.beta', 'classes.weight'],
  ]);
});
