import { scalar } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { maximum } from '../ops/maximum.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { sqrt } from '../ops/sqrt.ts';

/** [n, 1]: lengths of embeddings [n, d]; 1e-12 at least, where the derivative is 0. */
export function lengthsOf(embeddings: Value): Value {
  return sqrt(maximum(reduceSumSquare(embeddings, [1], true), scalar(1e-24)));
}
