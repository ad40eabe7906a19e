import { describe, expect, it } from 'vitest';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { heads } from '../../../src/core/heads/index.ts';
import { wordsOf } from '../../../src/core/training/figures.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import { formulaBatch } from '../../support/reference/formula.ts';
import { plain } from '../../support/reference/plain.ts';
import { tinyPlan } from '../../support/reference/tiny.ts';

const cases = heads.flatMap((head) =>
  Object.entries(head.presets).map(([from, settings]) => ({ name: head.name, from, head, settings })),
);
const [classes, batch, steps] = [10, 20, 20];
/** They carry numbers from batch to batch. */
const stateful = ['sphereface', 'adacos', 'adaface', 'curricularface'];

describe.each(cases)('$name of $from', ({ head, settings }) => {
  const plan: TrainingPlan = {
    ...{ ...tinyPlan, backbone: plain, settings: plain.defaults, head, headSettings: settings },
    ...{ classes, batch },
  };

  it('learns: 20 steps lower its loss', async () => {
    const trainer = await openTrainer(compileTraining(plan), { seed: 5, threads: 1 });
    const losses: number[] = [];
    for (let step = 0; step <= steps; step++) {
      const pictures = formulaBatch(0, batch, plan.size, classes);
      const { loss, told } = await trainer.run({ ...pictures, rate: 0.01 });
      losses.push(loss);
      for (const [figure, value] of Object.entries(told)) {
        expect([figure, Number.isFinite(value)]).toEqual([figure, true]);
        expect(wordsOf(figure).title).not.toBe(figure);
      }
    }
    await trainer.close();
    expect(losses.every(Number.isFinite)).toBe(true);
    const [first = Number.NaN, last = Number.NaN] = [losses[0], losses.at(-1)];
    expect(last).toBeLessThan(first * 0.9);
  });
});

describe.each(heads.filter(({ name }) => stateful.includes(name)))('the state of $title', (head) => {
  const settings = Object.values(head.presets)[0] ?? {};
  const plan: TrainingPlan = {
    ...{ ...tinyPlan, backbone: plain, settings: plain.defaults, head, headSettings: settings },
    ...{ classes, batch, accumulation: 2 },
  };
  const compiled = compileTraining(plan);
  const open = () => openTrainer(compiled, { seed: 5, threads: 1 });
  const batchOf = (step: number) => ({
    ...formulaBatch(step, 2 * batch, plan.size, classes),
    rate: 0.01,
  });
  const names = compiled.state.filter(({ kind, name }) => kind === 'running' && name.startsWith('classes.'));

  it('is saved with a run, which goes on exactly', async () => {
    expect(names.length).toBeGreaterThan(0);
    const [straight, resumed] = [await open(), await open()];
    for (let step = 0; step < 4; step++) await straight.run(batchOf(step));
    const before = await open();
    for (let step = 0; step < 2; step++) await before.run(batchOf(step));
    resumed.restore(before.save());
    for (let step = 2; step < 4; step++) await resumed.run(batchOf(step));
    for (const { name, initial } of names) {
      const [value] = straight.read(name);
      expect(value).not.toBe(initial.kind === 'constant' ? initial.value : Number.NaN);
      expect(resumed.read(name)).toEqual(straight.read(name));
    }
    for (const trainer of [straight, resumed, before]) await trainer.close();
  });
});

it('counts every batch of an accumulated step', async () => {
  const head = heads.find(({ name }) => name === 'sphereface');
  if (!head) throw new Error('no SphereFace');
  const plan: TrainingPlan = {
    ...{ ...tinyPlan, backbone: plain, settings: plain.defaults, head, headSettings: {} },
    ...{ classes, batch, accumulation: 3 },
  };
  const trainer = await openTrainer(compileTraining(plan), { seed: 5, threads: 1 });
  const lambda = (batches: number): number => 1000 / (1 + 0.12 * batches);
  for (const [step, batches] of [
    [1, 2, 3],
    [4, 5, 6],
  ].entries()) {
    const pictures = formulaBatch(step, 3 * batch, plan.size, classes);
    const { told } = await trainer.run({ ...pictures, rate: 0.01 });
    const mean = batches.reduce((sum, n) => sum + lambda(n) / 3, 0);
    expect((told['lambda'] ?? 0) / mean).toBeCloseTo(1, 6);
  }
  expect([...trainer.read('classes.batches')]).toEqual([6]);
  await trainer.close();
});

it('keeps AdaM-Softmax’s margins within 0 and 1', async () => {
  const head = heads.find(({ name }) => name === 'adam-softmax');
  if (!head) throw new Error('no AdaM-Softmax');
  const plan: TrainingPlan = {
    ...{ ...tinyPlan, backbone: plain, settings: plain.defaults, head, headSettings: { weight: 1000 } },
    ...{ classes, batch },
  };
  const trainer = await openTrainer(compileTraining(plan), { seed: 5, threads: 1 });
  const first = [...trainer.read('classes.margin')];
  expect(Math.min(...first)).toBeGreaterThanOrEqual(0.3);
  expect(Math.max(...first)).toBeLessThanOrEqual(0.4);
  for (let step = 0; step < 10; step++)
    await trainer.run({ ...formulaBatch(step, batch, plan.size, classes), rate: 0.1 });
  const margins = trainer.read('classes.margin');
  expect(Math.max(...margins)).toBe(1);
  expect(Math.min(...margins)).toBeGreaterThanOrEqual(0);
  await trainer.close();
});
