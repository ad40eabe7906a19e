import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { divide } from '../ops/divide.ts';
import { multiply } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import { transpose } from '../ops/transpose.ts';

/**
 * The median of a column [n, 1], a single number; of an even number the larger of the two in the middle, so that the
 * median of cosines is that of their angles as PyTorch takes it. By n² comparisons: n is a batch, and sorting would be
 * one operator more for every engine.
 */
export function upperMedian(x: Value): Value {
  const n = side(x.shape, 0);
  const differences = subtract(transpose(x, [1, 0]), x); // [n, n]: by rows, how much greater the others are
  const above = reduceSum(step(differences), [1], true);
  const below = reduceSum(step(subtract(x, transpose(x, [1, 0]))), [1], true);
  // in order from the largest, number `middle` is that one; equal ones are all taken
  const middle = Math.floor((n - 1) / 2);
  const is = multiply(
    step(subtract(scalar(middle + 0.5), above)),
    step(subtract(scalar(n - middle - 0.5), below)),
  );
  return divide(reduceSum(multiply(is, x)), reduceSum(is));
}
