import { describe, expect, it } from 'vitest';
import { batchThatFits, estimateMemory, memoryOf } from '../../../src/core/recipe/memory.ts';
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

  it('tells the largest batch that fits', () => {
    const estimate = estimateMemory(network('mobilefacenet', 32), 1000);
    const fits = batchThatFits(estimate, 4e9);
    expect(memoryOf(estimate, fits)).toBeLessThanOrEqual(4e9);
    expect(memoryOf(estimate, fits + 1)).toBeGreaterThan(4e9);
    expect(batchThatFits(estimate, 1e6)).toBeLessThan(1);
  });
});
