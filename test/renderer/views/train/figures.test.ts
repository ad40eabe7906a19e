import { describe, expect, it } from 'vitest';
import type { Evaluation, Run } from '../../../../src/core/contract/runs.ts';
import { recipeDifferences } from '../../../../src/core/recipe/difference.ts';
import { recipeSchema } from '../../../../src/core/recipe/recipe.ts';
import { comparedRuns } from '../../../../src/renderer/views/train/compare-route.ts';
import { figureRows } from '../../../../src/renderer/views/train/figures.ts';
import { differenceRows, settingWords } from '../../../../src/renderer/views/train/recipe-table.ts';
import { accuracyLines, tarLines } from '../../../../src/renderer/views/train/validation-lines.ts';

const run = (id: number, accuracy: number | null, loss: number): Run => ({
  ...{ id, name: `Run ${id}`, state: 'done', reason: 'finished', error: null, createdAt: 0, startedAt: 0 },
  ...{
    finishedAt: 0,
    job: null,
    step: 100,
    steps: 100,
    stepsPerEpoch: 10,
    backbone: 'ir-18',
    head: 'arcface',
  },
  ...{ version: { id: 1, hash: 'c0ffee', name: 'v' }, parent: null, provider: 'cpu', loss },
  ...{ best: accuracy === null ? null : { accuracy, step: 90 }, imagesPerSecond: null, etaSeconds: null },
  memory: null,
});
const evaluation = (step: number, accuracy: number, tar: number): Evaluation => ({
  ...{ step, set: 'held-out', pairs: 100, accuracy, deviation: 0.01, threshold: 0.3, auc: 0.9 },
  tarAtFar: [
    [0.1, 1],
    [0.001, tar],
  ],
});

describe('final figures', () => {
  const rows = figureRows([
    { run: run(1, 0.9, 3), evaluations: [evaluation(100, 0.88, 0.5), evaluation(90, 0.9, 0.6)], seconds: 60 },
    { run: run(2, 0.95, 9), evaluations: [evaluation(100, 0.95, 0.5)], seconds: 3600 },
    { run: run(3, null, 9), evaluations: [], seconds: null },
  ]);
  const row = (name: string) => rows.find((one) => one.name === name);

  it('mark the best, where some are better', () => {
    expect(row('Best accuracy')).toEqual({
      name: 'Best accuracy',
      cells: ['90.00%', '95.00%', '–'],
      best: [1],
    });
    expect(row('Trained for')?.best).toEqual([0]);
    expect(row('TAR at FAR 1e−3, Held-out people')).toMatchObject({
      cells: ['50.00%', '50.00%', '–'],
      best: [],
    });
  });

  it('take the last verification, not the best, for what came at the end', () => {
    expect(row('Accuracy at the end, Held-out people')?.cells).toEqual(['88.00%', '95.00%', '–']);
  });

  it('do not rank losses: they depend on the head', () => {
    expect(row('Loss at the end')?.best).toEqual([]);
  });
});

describe('differences of recipes', () => {
  const recipe = (over: object) => recipeSchema.parse({ data: { version: 'c0ffee' }, ...over });
  it('have a value for each recipe', () => {
    const rows = differenceRows(
      [recipe({}), recipe({ batch: 64 }), recipe({ schedule: { rate: 0.2 } })],
      recipeDifferences,
    );
    expect(rows).toEqual([
      { path: 'batch', values: [128, 64, 128] },
      { path: 'schedule.rate', values: [0.025, 0.025, 0.2] },
    ]);
    expect(differenceRows([recipe({})], recipeDifferences)).toEqual([]);
  });

  it('keep a setting that one of them lacks', () => {
    const rows = differenceRows(
      [recipe({ schedule: { decay: { kind: 'constant' } } }), recipe({}), recipe({ batch: 2 })],
      recipeDifferences,
    );
    const end = rows.find(({ path }) => path === 'schedule.decay.end');
    expect(end?.values.map(settingWords)).toEqual(['not there', '0', '0']);
  });
});

describe('lines of validation', () => {
  const evaluations = [evaluation(90, 0.9, 0.6), evaluation(10, 0.6, 0.1)];
  it('run by step, with deviation', () => {
    const [line] = accuracyLines(evaluations, (step) => step / 10);
    expect(line?.points).toEqual({ x: [1, 9], y: [0.6, 0.9] });
    expect(line?.deviation).toEqual([0.01, 0.01]);
  });

  it('are one for each false accept rate', () => {
    const lines = tarLines(evaluations, 'held-out', (step) => step);
    expect(lines.map(({ label, points }) => [label, points.y])).toEqual([
      ['FAR 1e−1', [1, 1]],
      ['FAR 1e−3', [0.1, 0.6]],
    ]);
  });
});

describe('the address of a comparison', () => {
  it('names runs once, and nothing but runs', () => {
    expect(comparedRuns('3,5,3,x,-1,0,2.5')).toEqual([3, 5]);
    expect(comparedRuns(null)).toEqual([]);
  });
});
