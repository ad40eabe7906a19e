import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { globs } from '../../../src/core/base/glob.ts';
import { inUse } from '../../../src/core/compile/average.ts';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { openTfjsTrainer } from '../../../src/main/engine/tfjs/trainer.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import type { Trainer } from '../../../src/main/engine/trainer.ts';
import { tinyBatch, tinyPlan, tinySgd } from '../../support/reference/tiny.ts';

const seed = 3;

/** The states after each of so many steps, the first before them. */
async function states(
  plan: TrainingPlan,
  steps: number,
  open: (plan: TrainingPlan) => Promise<Trainer> = (one) =>
    openTrainer(compileTraining(one), { seed, threads: 1 }),
): Promise<ReadonlyMap<string, Float32Array>[]> {
  const trainer = await open(plan);
  const found = [trainer.save().tensors];
  for (let step = 0; step < steps; step++) {
    await trainer.run(tinyBatch(step));
    found.push(trainer.save().tensors);
  }
  await trainer.close();
  return found;
}

const names = async (): Promise<string[]> => [...((await states(tinyPlan, 0))[0]?.keys() ?? [])];

describe('frozen layers', () => {
  const isFrozen = globs(['a.*', 'b.*']);
  const frozen = { parameter: isFrozen, statistics: isFrozen };

  it('stay in every bit, their statistics too, while the rest learns', async () => {
    const [first, , last] = await states({ ...tinyPlan, frozen }, 2);
    const kept = [...(first?.keys() ?? [])].filter(isFrozen);
    expect(kept.length).toBeGreaterThan(0);
    for (const name of kept) expect(last?.get(name), name).toEqual(first?.get(name));
    expect(last?.get('classes.weight')).not.toEqual(first?.get('classes.weight'));
    expect([...(first?.keys() ?? [])].filter((name) => /^[ab]\..*:/.test(name))).toEqual([]);
  });

  it('leave out their part of the way back', () => {
    const whole = compileTraining(tinyPlan).model.graph.nodes.length;
    expect(compileTraining({ ...tinyPlan, frozen }).model.graph.nodes.length).toBeLessThan(0.8 * whole);
  });
});

describe('a factor of the learning rate', () => {
  it('of 0 leaves what it is for as it is, of 2 takes a first step twice as long', async () => {
    const plan = { ...tinyPlan, optimizer: { ...tinySgd, weightDecay: 0 } };
    const factor = (by: number) => (name: string) => (name === 'classes.weight' ? by : 1);
    const at = async (by: number): Promise<Float32Array[]> =>
      (await states({ ...plan, factor: factor(by) }, 1)).map(
        (tensors) => tensors.get('classes.weight') ?? new Float32Array(),
      );
    const [start = new Float32Array(), once = start] = await at(1);
    const [, none = start] = await at(0);
    const [, twice = start] = await at(2);
    expect(none).toEqual(start);
    expect(once).not.toEqual(start);
    for (const [i, from] of start.entries())
      expect((twice[i] ?? 0) - from).toBeCloseTo(2 * ((once[i] ?? 0) - from), 5);
  });
});

describe('a running average', () => {
  const decay = 0.3;
  const plan: TrainingPlan = { ...tinyPlan, average: decay };

  it('is the formula’s, in double precision, of the backbone’s parameters alone', async () => {
    const found = await states(plan, 6);
    const averaged = [...(found[0]?.keys() ?? [])].filter((name) => name.endsWith(':average'));
    expect(averaged).toEqual(
      (await names())
        .filter((name) => /(weight|bias|gamma|beta|slope)$/.test(name) && !name.startsWith('classes'))
        .map((name) => `${name}:average`),
    );
    for (const name of averaged) {
      const of = (step: number): Float32Array =>
        found[step]?.get(name.split(':')[0] ?? '') ?? new Float32Array();
      const wanted = new Float64Array(of(0).length);
      for (let step = 1; step < found.length; step++) {
        const kept = Math.min(decay, (step - 1) / (step + 8));
        for (const i of wanted.keys()) wanted[i] = kept * (wanted[i] ?? 0) + (1 - kept) * (of(step)[i] ?? 0);
      }
      for (const [i, value] of (found.at(-1)?.get(name) ?? []).entries())
        expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 5);
    }
  });

  it('is used in place of the parameters once there was a step', async () => {
    const [first = new Map(), , second = new Map()] = await states(plan, 2);
    expect(inUse(first, 0).get('a.weight')).toEqual(first.get('a.weight'));
    expect(inUse(second, 2).get('a.weight')).toEqual(second.get('a.weight:average'));
    expect(inUse(second, 2).get('classes.weight')).toEqual(second.get('classes.weight'));
    expect([...inUse(second, 2).keys()].filter((name) => name.endsWith(':average'))).toEqual([]);
  });

  it('comes to the same in tfjs, with frozen layers and factors', async () => {
    const isFrozen = globs(['a.*']);
    const all: TrainingPlan = {
      ...plan,
      frozen: { parameter: isFrozen, statistics: isFrozen },
      factor: (name) => (name.startsWith('b.') ? 0.5 : 1),
    };
    const ours = (await states(all, 3)).at(-1);
    const theirs = (await states(all, 3, (one) => openTfjsTrainer(one, { seed }, tf))).at(-1);
    expect([...(theirs?.keys() ?? [])].toSorted()).toEqual([...(ours?.keys() ?? [])].toSorted());
    for (const [name, numbers] of ours ?? [])
      for (const [i, value] of (theirs?.get(name) ?? []).entries())
        expect(Math.abs(value - (numbers[i] ?? Number.NaN)), name).toBeLessThan(2e-4);
  });
});
