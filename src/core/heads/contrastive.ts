import { constant, scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { mask, type Net } from '../layers/net.ts';
import { add } from '../ops/add.ts';
import { cast } from '../ops/cast.ts';
import { divide } from '../ops/divide.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { relu } from '../ops/relu.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import type { Head, HeadSettings } from './head.ts';
import { atLeastOne, distances, type Pairs, pairsOf, pairValues, pickLargest } from './pairs.ts';

/**
 * Contrastive loss (Hadsell et al. 2006) of embeddings of length 1: ½·d² for two pictures of one identity, ½·max(0, m − d)²
 * for two of different ones; the mean over the former and the mean over the latter are added, since there are far more of
 * those. `all` takes every pair; `random-hard` takes for each picture one by chance of others that are nearer than the
 * margin, as often as the picture has pairs of its own.
 */
export const contrastive: Head = {
  name: 'contrastive',
  title: 'Contrastive',
  family: 'Pictures compared with each other',
  about:
    'Pictures of one identity together, others apart up to a margin; for batches of some people with several pictures.',
  presets: {
    'FaceX-Zoo': { margin: 2.5, negatives: 'random-hard' },
    classic: { margin: 1, negatives: 'all' },
  },
  options: [
    {
      name: 'margin',
      title: 'Margin m',
      kind: 'number',
      least: 0.1,
      most: 4,
      about:
        'Distance from which on others are far enough. It is 2 at most, so that from 2 on they never are; FaceX-Zoo: 2.5.',
    },
    {
      name: 'negatives',
      title: 'Pairs of two people',
      kind: 'choice',
      of: ['random-hard', 'all'],
      about: 'For each picture one by chance that is too near, or all pairs.',
    },
  ],
  held: ['which pictures make a pair'],
  compares: 'pictures',
  build(net, embeddings, _, settings, labels) {
    const { margin, negatives } = complete(settings);
    const pairs = pairsOf(embeddings, labels);
    const { positive, negative, cosine } = pairs;
    const d = distances(cosine, false);
    const short = relu(subtract(scalar(margin), d));
    const hard = multiply(negative, step(short));
    const weights = negatives === 'all' ? negative : drawn(net, pairs, hard);
    const mean = (x: Value, by: Value): Value =>
      divide(reduceSum(multiply(x, by)), atLeastOne(reduceSum(by)));
    const loss = add(mean(distances(cosine, true), positive), mean(multiply(short, short), weights));
    return { ...pairValues(pairs, scale(loss, 1 / 2)), figures: { hardShare: mean(hard, negative) } };
  },
  target: null,
  expectedLoss: () => null,
};

/** Bits of a random number; where two are the same by chance, both pictures count half. */
const bits = 10;

/** [n, n]: one of a picture's hard ones, as often as the picture has pairs of its own. */
function drawn(net: Net, { positive }: Pairs, hard: Value): Value {
  const n = side(hard.shape, 0);
  const zeros = cast(mask(net, 'pairs.drawn', [bits, n, n], 0.5));
  const places = constant(
    Array.from({ length: bits }, (_, i) => 2 ** -(i + 1)),
    [bits, 1, 1],
  );
  const random = reduceSum(multiply(zeros, places), [0]);
  return multiply(pickLargest(random, hard), reduceSum(positive, [1], true));
}

function complete({ margin = 2.5, negatives = 'random-hard' }: HeadSettings) {
  return { margin, negatives };
}
