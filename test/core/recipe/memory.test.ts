import { describe, expect, it } from 'vitest';
import { noExtras } from '../../../src/core/recipe/extras.ts';
import {
  batchThatFits,
  estimateMemory,
  memoryOf,
  type TeacherMemory,
  teacherMemory,
} from '../../../src/core/recipe/memory.ts';
import { planOf } from '../../../src/core/recipe/plan.ts';
import { type Recipe, recipeSchema } from '../../../src/core/recipe/recipe.ts';

const recipe = (more: object): Recipe => recipeSchema.parse({ data: { version: 'abcd' }, ...more });
const network = (backbone: string, batch: number): Recipe => recipe({ network: { backbone }, batch });

describe('the estimate of memory', () => {
  // Most resident memory of bench/training's process: two threads, 1,000 classes, SGD with momentum, 112 pixels.
  it.each([
    ['mobilefacenet', 32, 1872e6],
    ['ir-50', 16, 2930e6],
  ])('of %s in batches of %i is within 30 per cent of what was measured', (backbone, batch, measured) => {
    const needed = memoryOf(estimateMemory(network(backbone, batch), 1000), batch);
    expect(needed / measured).toBeGreaterThan(0.7);
    expect(needed / measured).toBeLessThan(1.3);
  });

  it('counts the parameters of network and head', () => {
    // spec §1.2, and 1,000 rows of class weights
    expect(estimateMemory(network('mobilefacenet', 2), 1000).parameters).toBe(1_200_512 + 512_000);
    const softmax = recipe({ network: { backbone: 'ir-50' }, head: { kind: 'softmax' } });
    expect(estimateMemory(softmax, 1000).parameters).toBe(43_574_976 + 513_000);
  });

  it('grows with what the optimizer remembers, and with accumulation', () => {
    const fixed = (more: object): number => estimateMemory(recipe(more), 100).fixed;
    const plain = fixed({ optimizer: { kind: 'sgd', momentum: 0 } });
    const momentum = fixed({});
    const adamw = fixed({ optimizer: { kind: 'adamw' } });
    expect(momentum).toBeGreaterThan(plain);
    expect(adamw - momentum).toBeCloseTo(momentum - plain, 0);
    expect(fixed({ accumulation: 2 })).toBeGreaterThan(momentum);
  });

  it('goes with the square of the input', () => {
    const at = (size: number): number => estimateMemory(recipe({ network: { size } }), 100).perImage;
    expect(at(224) / at(112)).toBeCloseTo(4, 1);
  });

  it('is less where layers are frozen: no derivative and no momentum of theirs, and nothing held before them', () => {
    const of = (freeze: readonly string[]) =>
      estimateMemory(recipe({ network: { backbone: 'ir-18' }, fineTune: { freeze } }), 100);
    const [all, stem, most, head] = [of([]), of(['stem.*']), of(['stem.*', 'stage*']), of(['head.*'])];
    expect(stem.parameters).toBe(all.parameters);
    const stemNumbers = 3 * 9 * 64 + 3 * 64; // filters; scale, shift and slope of 64 channels
    expect(all.fixed - stem.fixed).toBe(stemNumbers * 4 * 3); // two of momentum and one of derivatives
    expect(stem.perImage).toBeLessThan(all.perImage);
    expect(most.perImage).toBeLessThan(all.perImage / 10);
    expect(most.fixed).toBeLessThan(stem.fixed);
    // its last layer alone frozen spares no map: derivatives pass through it
    expect(head.perImage / all.perImage).toBeGreaterThan(0.9);
  });

  it('grows with an average', () => {
    const average = estimateMemory(recipe({ average: { decay: 0.99 } }), 100);
    const plain = estimateMemory(recipe({}), 100);
    expect(average.fixed - plain.fixed).toBe(1_200_512 * 2 * 4);
  });

  it('grows with a teacher, and with what is learnt of it', () => {
    const teacher = { from: 'run', run: 'Teacher', embedding: 512 };
    const of = (lessons: object, takes?: TeacherMemory) =>
      estimateMemory(recipe({ batch: 64, distillation: { teacher, ...lessons } }), 100, noExtras, takes);
    const plain = estimateMemory(recipe({ batch: 64 }), 100);
    const features = of({ features: {} });
    expect(features.fixed).toBe(plain.fixed); // as long as the teacher's: no adapter
    expect(features.perImage).toBeGreaterThan(plain.perImage);
    expect(of({ angles: {} }).perImage - of({ distances: {} }).perImage).toBeGreaterThan(64 ** 2 * 4 * 10);
    const maps = [
      { name: 'a', channels: 64, side: 56 },
      { name: 'b', channels: 512, side: 7 },
    ];
    const told = { teacher: { ...teacher, maps }, factors: { teacher: 'b' } };
    // paraphraser and translator: ten times 3×3 of hundreds of channels
    expect(of(told).fixed - plain.fixed).toBeGreaterThan(5e6 * 4 * 5);
    const takes = { fixed: 1e9, perImage: 1e6 };
    const with1 = of({ features: {} }, takes);
    expect([with1.fixed - features.fixed, Math.round(with1.perImage - features.perImage)]).toEqual([
      1e9, 1e6,
    ]);
  });

  // What opening it and asking it about 16 pictures took, see memory.ts.
  it.each([
    ['mobilefacenet', 51 + 199],
    ['ir-18', 249 + 430],
    ['resnet-50', 415 + 23],
  ])('of %s as a teacher is not below what was measured, nor three times as much', (name, measured) => {
    const estimate = memoryOf({ parameters: 0, ...teacherMemory(planOf(network(name, 16), 2)) }, 16) / 1e6;
    expect(estimate).toBeGreaterThan(measured * 0.9);
    expect(estimate).toBeLessThan(measured * 3);
  });

  it('tells the largest batch that fits', () => {
    const estimate = estimateMemory(network('mobilefacenet', 32), 1000);
    const fits = batchThatFits(estimate, 4e9);
    expect(memoryOf(estimate, fits)).toBeLessThanOrEqual(4e9);
    expect(memoryOf(estimate, fits + 1)).toBeGreaterThan(4e9);
    expect(batchThatFits(estimate, 1e6)).toBeLessThan(1);
  });
});
