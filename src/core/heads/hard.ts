import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';

/** Hard negatives [n, classes]: 1 where the cosine to another class is above the picture's boundary [n, 1]. */
export function hardNegatives(cosine: Value, target: Value, boundary: Value): Value {
  return multiply(step(subtract(cosine, boundary)), subtract(scalar(1), target));
}

/** Share of them among all negatives, a single number. */
export function hardShare(hard: Value): Value {
  const [n, classes] = [side(hard.shape, 0), side(hard.shape, 1)];
  return scale(reduceSum(hard), 1 / (n * (classes - 1)));
}
