import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { concat } from '../ops/concat.ts';
import { divide } from '../ops/divide.ts';
import { matmul } from '../ops/matmul.ts';
import { multiply } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { relu } from '../ops/relu.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import type { Head, HeadSettings } from './head.ts';
import { atLeastOne, distances, negated, type Pairs, pairsOf, pairValues, pickLargest } from './pairs.ts';

/**
 * Triplets of a batch: a picture a, another p of its identity, one n of somebody else; the mean of max(0, d(a, p) − d(a, n)
 * + m) over those that are picked, of embeddings of length 1.
 * - `batch-hard` (Hermans et al. 2017): one a picture, with the farthest p and the nearest n.
 * - `semi-hard` (Schroff et al. 2015): every pair a, p with the nearest n that is farther than p, or else the farthest n.
 */
export const triplet: Head = {
  name: 'triplet',
  title: 'Triplet',
  family: 'Pictures compared with each other',
  about:
    'The own identity’s pictures nearer than others’, by a margin; for batches of some people with several pictures.',
  presets: {
    'batch-hard': { margin: 0.3, mining: 'batch-hard', squared: false },
    FaceNet: { margin: 0.2, mining: 'semi-hard', squared: true },
  },
  options: [
    {
      name: 'margin',
      title: 'Margin m',
      kind: 'number',
      least: 0,
      most: 4,
      about: 'By how much farther others must be; FaceNet: 0.2 of squared distances.',
    },
    {
      name: 'mining',
      title: 'Triplets',
      kind: 'choice',
      of: ['batch-hard', 'semi-hard'],
      about: 'The hardest of each picture, or for every pair the nearest of others that is beyond it.',
    },
    {
      name: 'squared',
      title: 'Squared distance',
      kind: 'boolean',
      about:
        'Squares make what is far count more and what is near less; plain distances do not collapse as easily.',
    },
  ],
  held: ['which pictures make a triplet'],
  compares: 'pictures',
  build(_, embeddings, __, settings, labels) {
    const { margin, mining, squared } = complete(settings);
    const pairs = pairsOf(embeddings, labels);
    const d = distances(pairs.cosine, squared);
    const found = mining === 'batch-hard' ? batchHard(pairs, d) : semiHard(pairs, d);
    const excess = relu(add(subtract(found.own, found.other), scalar(margin)));
    const mean = (x: Value): Value =>
      divide(reduceSum(multiply(x, found.counts)), atLeastOne(reduceSum(found.counts)));
    return { ...pairValues(pairs, mean(excess)), figures: { activeTriplets: mean(step(excess)) } };
  },
  target: null,
  expectedLoss: () => null,
};

/** Distances of triplets, of one shape, and 1 for those that there are. */
interface Triplets {
  readonly own: Value;
  readonly other: Value;
  readonly counts: Value;
}

/** One a picture: [n]. */
function batchHard({ positive, negative }: Pairs, d: Value): Triplets {
  const at = (picked: Value): Value => reduceSum(multiply(d, picked), [1]);
  const any = (x: Value): Value => step(reduceSum(x, [1]));
  return {
    own: at(pickLargest(d, positive)),
    other: at(pickLargest(negated(d), negative)),
    counts: multiply(any(positive), any(negative)),
  };
}

/** Numbers of a block of pairs with every picture, at most. */
const blockNumbers = 2 ** 22;

/** One for every two pictures: [n, n]; in blocks of pairs, since n³ numbers may not fit. */
function semiHard({ positive, negative }: Pairs, d: Value): Triplets {
  const n = side(d.shape, 0);
  const width = Math.max(1, Math.min(n, Math.floor(blockNumbers / n ** 2)));
  const farthest = reduceSum(multiply(d, pickLargest(d, negative)), [1], true); // [n, 1]
  const blocks: Value[] = [];
  for (let from = 0; from < n; from += width) {
    const to = Math.min(n, from + width);
    const own = reshape(slice(d, [0, from], [n, to]), [n, to - from, 1]);
    const beyond = multiply(step(subtract(reshape(d, [n, 1, n]), own)), reshape(negative, [n, 1, n]));
    const picked = pickLargest(negated(reshape(d, [n, 1, n])), beyond); // [n, pairs, n]
    const nearest = reshape(matmul(picked, reshape(d, [n, n, 1])), [n, to - from]);
    const none = subtract(scalar(1), reduceSum(picked, [2]));
    blocks.push(add(nearest, multiply(none, farthest)));
  }
  const [first = d] = blocks;
  const other = blocks.length === 1 ? first : concat(blocks, 1);
  return { own: d, other, counts: multiply(positive, step(reduceSum(negative, [1], true))) };
}

function complete({ margin = 0.3, mining = 'batch-hard', squared = false }: HeadSettings) {
  return { margin, mining, squared };
}
