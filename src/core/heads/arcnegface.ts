import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { detach } from '../ops/detach.ts';
import { exp } from '../ops/exp.ts';
import { multiply, scale as times } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { subtract } from '../ops/subtract.ts';
import { arcCurve, arcTarget } from './arc.ts';
import { cosines, looksAt, ownOf, placed } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { angleOption, scaleOption, startOption } from './options.ts';

/**
 * ArcNegFace (Liu et al. 2019): the target's logit is s·a with a = cos(θ + m); another class's is s·(t·c + t − 1) with
 * t = α·exp(−(c − a)²/σ), which is large where the class is about as near as the own one.
 */
export const arcNegFace: Head = {
  name: 'arcnegface',
  title: 'ArcNegFace',
  family: 'Hard negatives count more',
  about: 'Negatives count by how near they are to the own class.',
  presets: { 'FaceX-Zoo': { scale: 64, margin: 0.5, alpha: 1.2, sigma: 2, start: 'unit' } },
  options: [
    scaleOption,
    angleOption,
    {
      name: 'alpha',
      title: 'Weight α',
      kind: 'number',
      least: 0.1,
      most: 5,
      about: 'How much a negative counts that is as near as the own class; the paper: 1.2.',
    },
    {
      name: 'sigma',
      title: 'Width σ',
      kind: 'number',
      least: 0.01,
      most: 100,
      about: 'How fast that falls with the distance; the paper: 2.',
    },
    startOption,
  ],
  held: ['the negatives’ weights t'],
  build(net, embeddings, target, settings) {
    const { scale, margin, alpha, sigma, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    const own = ownOf(cosine, target);
    const a = arcTarget(own, margin, 'line');
    const t = detach(weights(subtract(cosine, a), alpha, sigma));
    const others = subtract(add(multiply(t, cosine), t), scalar(1));
    return {
      logits: times(placed(others, target, a), scale),
      ...looksAt(cosine, own),
      figures: { negativeWeight: meanOfOthers(t, target) },
    };
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const { scale, margin, alpha, sigma } = complete(settings);
    const other = (c: number, own: number): number => {
      const t = alpha * Math.exp(-((c - arcCurve(own, margin, 'line')) ** 2) / sigma);
      return scale * (t * c + t - 1);
    };
    const own = (c: number): number => ownLogit(settings, c);
    return expectedLoss(cosineLogits(embedding, scale, own, other), classes, loss);
  },
};

/** α·exp(−x²/σ). */
function weights(x: Value, alpha: number, sigma: number): Value {
  return times(exp(times(multiply(x, x), -1 / sigma)), alpha);
}

/** Mean over all but the own classes, a single number. */
function meanOfOthers(values: Value, target: Value): Value {
  const [n, classes] = [side(target.shape, 0), side(target.shape, 1)];
  const sum = reduceSum(multiply(values, subtract(scalar(1), target)));
  return times(sum, 1 / (n * (classes - 1)));
}

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale, margin } = complete(settings);
  return scale * arcCurve(c, margin, 'line');
}

function complete({ scale = 64, margin = 0.5, alpha = 1.2, sigma = 2, start = 'unit' }: HeadSettings) {
  return { scale, margin, alpha, sigma, start };
}
