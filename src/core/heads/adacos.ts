import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { divide } from '../ops/divide.ts';
import { exp } from '../ops/exp.ts';
import { log } from '../ops/log.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceMax } from '../ops/reduce-max.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { subtract } from '../ops/subtract.ts';
import { carried } from './carried.ts';
import { cosines, looksAt, ownOf } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { upperMedian } from './median.ts';
import { startOption } from './options.ts';

/**
 * AdaCos (Zhang et al. 2019): logits s·c without a margin. s begins as √2·ln(C − 1); at every batch it becomes
 * ln B/cos(min(π/4, median θ_y)), with B the batch's mean of Σ_{j≠y} e^{s·c} at the s before.
 */
export const adacos: Head = {
  name: 'adacos',
  title: 'AdaCos',
  family: 'Margins and scales that adapt',
  about: 'No margin; the scale follows the training. Nothing to set.',
  presets: {
    'FaceX-Zoo': { dynamic: true, start: 'unit' },
    'paper, fixed': { dynamic: false, start: 'unit' },
  },
  options: [
    {
      name: 'dynamic',
      title: 'Scale goes with the training',
      kind: 'boolean',
      about: 'At every batch by its angles and logits; otherwise it stays √2·ln(C − 1).',
    },
    startOption,
  ],
  held: ['the scale s'],
  build(net, embeddings, target, settings) {
    const { dynamic, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    const own = ownOf(cosine, target);
    const first = firstScale(side(target.shape, 1));
    const middle = upperMedian(own);
    const factor = dynamic
      ? carried(net, 'classes.scale', first, (s) => nextScale(s, cosine, target, middle))
      : scalar(first);
    return {
      logits: multiply(cosine, factor),
      ...looksAt(cosine, own),
      figures: { scale: factor, medianCosine: middle },
    };
  },
  target: null,
  expectedLoss(settings, classes, embedding, loss) {
    const first = firstScale(classes);
    // ln B of normal cosines with variance 1/d; the median angle is a right one
    const grown = (Math.log(classes - 1) + first ** 2 / (2 * embedding)) * Math.SQRT2;
    const s = complete(settings).dynamic ? Math.max(least, grown) : first;
    return expectedLoss(
      cosineLogits(embedding, s, (c) => s * c),
      classes,
      loss,
    );
  },
};

/** For two classes the paper's scale is 0, from where nothing is learnt; from three on it is above this. */
const least = 0.5;

function firstScale(classes: number): number {
  return Math.max(least, Math.SQRT2 * Math.log(classes - 1));
}

/** As a logarithm of a sum it stays finite, however large s is. */
function nextScale(s: Value, cosine: Value, target: Value, middle: Value): Value {
  const n = side(cosine.shape, 0);
  const others = subtract(multiply(cosine, s), scale(target, 1e9)); // own classes are far below all
  const largest = reduceMax(others);
  const logB = add(log(scale(reduceSum(exp(subtract(others, largest))), 1 / n)), largest);
  // cos(min(π/4, θ)) = max(cos π/4, c)
  return maximum(divide(logB, maximum(middle, scalar(Math.SQRT1_2))), scalar(least));
}

function complete({ dynamic = true, start = 'unit' }: HeadSettings) {
  return { dynamic, start };
}
