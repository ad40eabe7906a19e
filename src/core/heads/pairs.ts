import { constant, scalar } from '../graph/builder.ts';
import { range, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { unitRows } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { cast } from '../ops/cast.ts';
import { clip } from '../ops/clip.ts';
import { detach } from '../ops/detach.ts';
import { divide } from '../ops/divide.ts';
import { matmul } from '../ops/matmul.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceMax } from '../ops/reduce-max.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { sqrt } from '../ops/sqrt.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import { type HeadValues, mostProbes, type PairValues } from './head.ts';

/** What the heads have in common that compare the pictures of a batch with each other. */

/** The pictures of a batch among each other, [n, n] each. */
export interface Pairs {
  readonly cosine: Value;
  /** 1 for two pictures of one identity; a picture with itself is none. */
  readonly positive: Value;
  /** 1 for pictures of two identities. */
  readonly negative: Value;
}

/** From embeddings [n, d], which count by their direction alone, and labels [n] of int32. */
export function pairsOf(embeddings: Value, labels: Value): Pairs {
  const n = side(embeddings.shape, 0);
  const unit = unitRows(embeddings);
  const same = equal(cast(labels), n);
  const itself = equal(constant(range(n), [n]), n);
  return {
    cosine: clip(matmul(unit, unit, { tb: true }), -1, 1),
    positive: subtract(same, itself),
    negative: subtract(scalar(1), same),
  };
}

/** [n, n]: 1 where two whole numbers of [n] are the same. */
function equal(numbers: Value, n: number): Value {
  const apart = subtract(reshape(numbers, [n, 1]), reshape(numbers, [1, n]));
  return subtract(scalar(1), step(multiply(apart, apart)));
}

/**
 * Distances of unit vectors, 2 − 2c squared. Plain ones stay away from 0, where the root's derivative is infinite: below
 * 0.001 two pictures count as the same.
 */
export function distances(cosine: Value, squared: boolean): Value {
  const squares = subtract(scalar(2), scale(cosine, 2));
  return squared ? squares : sqrt(clip(squares, 1e-6, Number.POSITIVE_INFINITY));
}

/** More than two distances, or two of what they are picked by, can differ. */
const beyond = 16;

/**
 * Where `by` [.., n] is largest among what `among` has as 1: a 1 there, shares where several are equally large, and zeros
 * where there is none to pick from. What is picked is no function to be differentiated.
 */
export function pickLargest(by: Value, among: Value): Value {
  const last = by.shape.length - 1;
  const allowed = subtract(by, scale(subtract(scalar(1), among), beyond));
  const smaller = step(subtract(reduceMax(allowed, [last], true), allowed));
  const largest = multiply(subtract(scalar(1), smaller), among);
  return detach(divide(largest, atLeastOne(reduceSum(largest, [last], true))));
}

export const negated = (x: Value): Value => scale(x, -1);

/** For a division by what may be none. */
export const atLeastOne = (x: Value): Value => maximum(x, scalar(1));

/** Logits, and what is looked at; where a picture is the only one of its identity, there is nothing to tell: no number. */
export function pairValues({ cosine, positive, negative }: Pairs, loss: Value): HeadValues {
  const n = side(cosine.shape, 0);
  const width = Math.min(n, mostProbes);
  const firsts = (x: Value): Value => slice(x, [0, 0], [n, width]);
  const count = reduceSum(positive, [1]); // [n]
  const nearest = reduceMax(subtract(cosine, scale(subtract(scalar(1), positive), beyond)), [1], true);
  const nearer = reduceSum(multiply(negative, step(subtract(cosine, nearest))), [1]);
  const pairs: PairValues = {
    loss,
    ranks: add(nearer, divide(scalar(0), count)),
    others: firsts(negative),
  };
  const cosines = divide(reduceSum(multiply(cosine, positive), [1]), count);
  return { logits: cosine, cosines, probes: firsts(cosine), pairs };
}
