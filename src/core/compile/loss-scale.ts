import { input, scalar } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import type { Initial } from '../layers/net.ts';
import { add } from '../ops/add.ts';
import { divide } from '../ops/divide.ts';
import { less } from '../ops/less.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { full } from '../ops/precision.ts';
import { where } from '../ops/where.ts';

/**
 * Dynamic loss scaling: small derivatives would be 0 in half precision, so that those of a multiple of the loss are taken
 * and divided afterwards. The multiple grows while all is finite, and falls as soon as anything is not; such a step changes
 * nothing else (Micikevicius et al. 2018, section 3.2; PyTorch's GradScaler).
 */
export interface LossScaling {
  readonly initial: number;
  /** What it is multiplied by after `every` good steps in a row. */
  readonly growth: number;
  readonly every: number;
  /** What it is multiplied by where a step overflows; never below 1. */
  readonly backoff: number;
}

/** As PyTorch's GradScaler; powers of two, so that scaling rounds nothing. */
export const usualScaling: LossScaling = { initial: 2 ** 16, growth: 2, every: 2000, backoff: 0.5 };

/** The least scale: if a step is not finite at it, that is not for the scale's sake. */
export const leastScale = 1;

/** Names of its state, and of its figures. */
export const scaleNames = { scale: 'loss-scale', good: 'loss-scale:good', skipped: 'loss-scale:skipped' };
export const scaleFigures = ['lossScale', 'skippedSteps'] as const;

/** A single number of the state. */
export interface ScaleTensor {
  readonly name: string;
  readonly initial: Initial;
  readonly next: Value;
}

export interface OpenScale {
  scaled(loss: Value): Value;
  /** The derivative of the loss itself, in single precision, from that of the scaled one. */
  unscaled(gradient: Value): Value;
  /** What a step does, by √Σ g² over all derivatives: it is no finite number where one of them is not. */
  decided(gradientNorm: Value): Decided;
}

export interface Decided {
  /** What a tensor of the state becomes: `next` where the step is good, else what it is `now`. */
  kept(next: Value, now: Value): Value;
  /** The scale, good steps since it last changed, and all steps that were skipped. */
  readonly state: readonly ScaleTensor[];
  /** `scaleFigures`: the step's own scale, and steps that were skipped before it. */
  readonly figures: readonly Value[];
}

/** Above any norm that is finite, and finite itself in single precision. */
const endless = 3e38;

export function openScale({ initial, growth, every, backoff }: LossScaling): OpenScale {
  const now = input(scaleNames.scale, []);
  const inverse = divide(scalar(1), now);
  return {
    scaled: (loss) => multiply(loss, now),
    unscaled: (gradient) => multiply(full(gradient), inverse),
    decided: (gradientNorm) => {
      const isGood = less(gradientNorm, scalar(endless));
      const [good, skipped] = [input(scaleNames.good, []), input(scaleNames.skipped, [])];
      const counted = add(good, scalar(1));
      const grows = less(scalar(every - 0.5), counted);
      const grown = where(grows, scale(now, growth), now);
      const fallen = maximum(scale(now, backoff), scalar(leastScale));
      const number = (name: string, first: number, next: Value): ScaleTensor => ({
        name,
        initial: { kind: 'constant', value: first },
        next,
      });
      return {
        kept: (next, before) => (next === before ? before : where(isGood, next, before)),
        state: [
          number(scaleNames.scale, initial, where(isGood, grown, fallen)),
          number(scaleNames.good, 0, where(isGood, where(grows, scalar(0), counted), scalar(0))),
          number(scaleNames.skipped, 0, where(isGood, skipped, add(skipped, scalar(1)))),
        ],
        figures: [now, skipped],
      };
    },
  };
}
