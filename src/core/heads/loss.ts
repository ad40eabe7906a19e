import { assert } from '../base/assert.ts';
import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { exp } from '../ops/exp.ts';
import { log } from '../ops/log.ts';
import { logSoftmax } from '../ops/log-softmax.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceMean, reduceSum } from '../ops/reduce-sum.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';

/** What is made small, from logits and labels. */
export type LossSettings =
  /** `smoothing`: ε of label smoothing. */
  | { readonly kind: 'cross-entropy'; readonly smoothing: number }
  /** `form`: whether every picture or the batch's mean is weighed. */
  | { readonly kind: 'focal'; readonly gamma: number; readonly form: 'sample' | 'batch' };

/** A single number for a batch; `target` [n, classes] is 1 at the label. */
export function lossOf(logits: Value, target: Value, settings: LossSettings): Value {
  if (settings.kind === 'cross-entropy') return crossEntropy(logits, target, settings.smoothing);
  return focal(logits, target, settings.gamma, settings.form);
}

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

/**
 * (1 − p)^γ·(−ln p) with p the label's probability (Lin et al. 2017): the mean of it over the batch (`sample`), or once
 * with −ln p the batch's mean cross-entropy (`batch`), which is what face.evoLVe's code does and another function.
 */
export function focal(logits: Value, target: Value, gamma: number, form: 'sample' | 'batch'): Value {
  assert(gamma >= 0, `a γ of ${gamma}`);
  const each = scale(reduceSum(multiply(logSoftmax(logits), target), [1]), -1); // [n]
  if (form === 'batch') return weighed(reduceMean(each), gamma);
  return reduceMean(weighed(each, gamma));
}

/** (1 − e^−x)^γ·x. The base stays away from 0, where a power's derivative may be infinite. */
function weighed(x: Value, gamma: number): Value {
  const wrong = clip(subtract(scalar(1), exp(scale(x, -1))), 1e-7, Number.POSITIVE_INFINITY);
  return multiply(exp(scale(log(wrong), gamma)), x);
}

/** [n]: how many classes have a larger logit than the label's; 0 is recognised. */
export function ranksOf(logits: Value, target: Value): Value {
  const own = reduceSum(multiply(logits, target), [1], true); // [n, 1]
  return reduceSum(step(subtract(logits, own)), [1]);
}
