import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { running } from '../layers/net.ts';
import { add } from '../ops/add.ts';
import { divide } from '../ops/divide.ts';
import { matmul } from '../ops/matmul.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { reshape } from '../ops/reshape.ts';
import { subtract } from '../ops/subtract.ts';
import type { Head, HeadSettings } from './head.ts';
import { softmax } from './softmax.ts';

/**
 * Softmax with center loss (Wen et al. 2016): beside the logits' loss, λ/2·‖f − c_y‖², the mean over the batch, where c_y is
 * the class's centre. Centres begin at 0 and move with the batch, not by a derivative: with k pictures of a class in it,
 * c ← c − α·Σ(c − f)/(1 + k).
 */
export const centre: Head = {
  name: 'centre',
  title: 'Center loss',
  family: 'The same margin for all',
  about: 'Softmax that also draws the embeddings of a class to their centre.',
  presets: { paper: { weight: 0.003, centrePace: 0.5 } },
  options: [
    {
      name: 'weight',
      title: 'Weight λ of the centres',
      kind: 'number',
      least: 0,
      most: 1,
      step: 0.001,
      about:
        'How much embeddings are drawn to their centre, against the loss of the logits; the paper: 0.003.',
    },
    {
      name: 'centrePace',
      title: 'Pace α of the centres',
      kind: 'number',
      least: 0,
      most: 1,
      about: 'How far a centre moves with a batch; the paper: 0.5.',
    },
  ],
  held: [],
  build(net, embeddings, target, settings, labels) {
    const { weight, centrePace } = complete(settings);
    const values = softmax.build(net, embeddings, target, settings, labels);
    const shape = [side(target.shape, 1), side(embeddings.shape, 1)];
    const centres = running(net, 'classes.centre', shape, 0, (now) =>
      moved(now, embeddings, target, centrePace),
    );
    const apart = subtract(embeddings, matmul(target, centres)); // [n, d]
    const squares = scale(reduceSumSquare(apart), 1 / side(embeddings.shape, 0));
    return { ...values, extra: scale(squares, weight / 2), figures: { centreDistance: squares } };
  },
  target: null,
  expectedLoss(settings, classes, embedding, loss, of) {
    const logits = softmax.expectedLoss(settings, classes, embedding, loss, of);
    // embeddings have a length of √d, and centres are 0
    return logits === null ? null : logits + (complete(settings).weight / 2) * embedding;
  },
};

/** The centres [classes, d] after a batch. */
function moved(centres: Value, embeddings: Value, target: Value, pace: number): Value {
  const counts = reshape(reduceSum(target, [0]), [side(target.shape, 1), 1]);
  const sums = matmul(target, embeddings, { ta: true });
  const away = subtract(multiply(centres, counts), sums);
  return subtract(centres, scale(divide(away, add(counts, scalar(1))), pace));
}

function complete({ weight = 0.003, centrePace = 0.5 }: HeadSettings) {
  return { weight, centrePace };
}
