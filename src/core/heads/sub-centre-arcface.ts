import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Net } from '../layers/net.ts';
import { reduceMax } from '../ops/reduce-max.ts';
import { reduceMean } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { subtract } from '../ops/subtract.ts';
import { arcCurve, arcTarget } from './arc.ts';
import { classWeights, cosinesTo, ownOf, withMargin } from './cosine.ts';
import { expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { angleOption, fallbackOption, scaleOption, startOption } from './options.ts';

/**
 * Sub-centre ArcFace (Deng et al. 2020): a class has K centres, and its cosine is that to the nearest of them; then as
 * ArcFace. Pictures with wrong labels gather at centres of their own.
 */
export const subCentreArcface: Head = {
  name: 'sub-centre-arcface',
  title: 'Sub-centre ArcFace',
  family: 'The same margin for all',
  about: 'Several centres a class: for data with wrong labels.',
  presets: { paper: { scale: 64, margin: 0.5, centres: 3, fallback: 'line', start: 'xavier' } },
  options: [
    scaleOption,
    angleOption,
    {
      name: 'centres',
      title: 'Centres K of a class',
      kind: 'number',
      least: 1,
      most: 16,
      whole: true,
      about: 'More take memory; the paper: 3 for data that was not cleaned, 1 is ArcFace.',
    },
    fallbackOption,
    startOption,
  ],
  held: [],
  build(net, embeddings, target, settings) {
    const { scale, margin, centres, fallback, start } = complete(settings);
    const each = eachCentre(net, embeddings, target, centres, start); // [n, classes, K]
    const nearest = reduceMax(each, [2]);
    // how far apart the own class's centres are, for its pictures: 0 where they are all the same
    const spread = ownOf(subtract(nearest, reduceMean(each, [2])), target);
    return {
      ...withMargin(nearest, target, scale, (c) => arcTarget(c, margin, fallback)),
      figures: { centreSpread: reduceMean(spread) },
    };
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const { scale, centres } = complete(settings);
    const at = (z: number): number => largestOf(centres, z) / Math.sqrt(embedding);
    const logits = { own: (z: number) => ownLogit(settings, at(z)), other: (z: number) => scale * at(z) };
    return expectedLoss(logits, classes, loss);
  },
};

/** Cosines [n, classes, K]; the weights' rows are a class's centres one after the other. */
function eachCentre(
  net: Net,
  embeddings: Value,
  target: Value,
  centres: number,
  start: HeadSettings['start'],
): Value {
  const [n, classes] = [side(target.shape, 0), side(target.shape, 1)];
  const all = cosinesTo(embeddings, classWeights(net, embeddings, classes * centres, start));
  return reshape(all, [n, classes, centres]);
}

/** The largest of `count` standard normal numbers, from one of them: both have the same place in their distributions. */
function largestOf(count: number, z: number): number {
  if (count === 1) return z;
  const wanted = below(z) ** (1 / count);
  let [low, high] = [-8, 8];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (below(middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The normal distribution function, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17). */
function below(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const tail =
    (series.reduce((sum, b) => (sum + b) * t, 0) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  return z > 0 ? 1 - tail : tail;
}

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale, margin, fallback } = complete(settings);
  return scale * arcCurve(Math.max(-1, Math.min(1, c)), margin, fallback);
}

function complete({
  scale = 64,
  margin = 0.5,
  centres = 3,
  fallback = 'line',
  start = 'xavier',
}: HeadSettings) {
  return { scale, margin, centres, fallback, start };
}
