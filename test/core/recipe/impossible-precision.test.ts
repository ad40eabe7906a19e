import { expect, it } from 'vitest';
import { usualScaling } from '../../../src/core/compile/loss-scale.ts';
import { parseRecipe } from '../../../src/core/recipe/parse.ts';
import { planOf } from '../../../src/core/recipe/plan.ts';

const parsed = (precision: unknown, device: object = {}) =>
  parseRecipe({ data: { version: 'abcd' }, precision, device });

it('is single precision unless a recipe says mixed, which the compiler is then told', () => {
  const plain = parseRecipe({ data: { version: 'abcd' } }).recipe;
  expect(plain?.precision).toBe('float32');
  expect(plain && planOf(plain, 3).mixed).toBeNull();
  const { recipe } = parsed('mixed');
  expect(recipe?.precision).toBe('mixed');
  expect(recipe && planOf(recipe, 3).mixed).toEqual(usualScaling);
});

it('is refused at once where no machine gains from it, with what to do', () => {
  expect(parsed('mixed', { provider: 'webgpu' }).problems).toBeNull();
  expect(parsed('float32', { provider: 'cpu' }).problems).toBeNull();
  expect(parsed('mixed', { provider: 'cpu' }).problems).toEqual([
    { path: 'precision', message: expect.stringMatching(/slower\. Set it to float32, or device\.provider/) },
  ]);
  expect(parsed('mixed', { engine: 'tfjs' }).problems).toEqual([
    { path: 'precision', message: expect.stringMatching(/TensorFlow\.js.*device\.engine to onnxruntime/) },
  ]);
  expect(parsed('half').problems).toEqual([
    { path: 'precision', message: 'must be float32 or mixed, not “half”' },
  ]);
});
