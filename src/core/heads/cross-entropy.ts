import { assert } from '../base/assert.ts';
import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { logSoftmax } from '../ops/log-softmax.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceMax } from '../ops/reduce-max.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';

/**
 * Mean over the batch of −Σ q·log softmax(logits), with q = (1 − ε)·target + ε/classes (Szegedy et al. 2016); a single
 * number. `target` [n, classes] is 1 at the label.
 */
export function crossEntropy(logits: Value, target: Value, smoothing = 0): Value {
  assert(smoothing >= 0 && smoothing < 1, `a label smoothing of ${smoothing}`);
  const [n, classes] = [side(logits.shape, 0), side(logits.shape, 1)];
  const wanted = smoothing === 0 ? target : add(scale(target, 1 - smoothing), scalar(smoothing / classes));
  return scale(reduceSum(multiply(logSoftmax(logits), wanted)), -1 / n);
}

/** How many of the batch have no larger logit than their label's; a single number. */
export function correctCount(logits: Value, target: Value): Value {
  const own = reduceSum(multiply(logits, target), [1]);
  return reduceSum(subtract(scalar(1), step(subtract(reduceMax(logits, [1]), own))));
}
