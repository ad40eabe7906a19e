import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import { parameter } from '../layers/net.ts';
import { matmul } from '../ops/matmul.ts';
import { scale as times } from '../ops/multiply.ts';
import { reduceMean } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { subtract } from '../ops/subtract.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { scaleOption, startOption } from './options.ts';

/**
 * AdaM-Softmax, or AdaptiveFace (Liu et al. 2019): the target's logit is s·(c − m_y) with a margin of its own for every
 * class, which is learnt: beside the logits' loss, λ·(1 − mean m) is made small, so that margins grow where they can.
 * They begin as U(0.3, 0.4) and are kept within [0, 1] after every step.
 */
export const adamSoftmax: Head = {
  name: 'adam-softmax',
  title: 'AdaM-Softmax',
  family: 'Margins and scales that adapt',
  about: 'Every class learns a margin of its own: for uneven data.',
  presets: {
    'FaceX-Zoo': { scale: 32, weight: 70, start: 'unit' },
    'FaceX-Zoo’s code': { scale: 30, weight: 70, start: 'unit' },
  },
  options: [
    scaleOption,
    {
      name: 'weight',
      title: 'Weight λ of the margins',
      kind: 'number',
      least: 0,
      most: 1000,
      about: 'How much larger margins are wanted, against the loss of the logits; the paper: 70.',
    },
    startOption,
  ],
  held: [],
  build(net, embeddings, target, settings) {
    const { scale, weight, start } = complete(settings);
    const classes = side(target.shape, 1);
    const margins = parameter(
      net,
      'classes.margin',
      [classes],
      { kind: 'uniform', bound: 0.05, middle: firstMargin },
      { decays: false, within: [0, 1] },
    );
    const own = matmul(target, reshape(margins, [classes, 1])); // [n, 1]
    const mean = reduceMean(margins);
    return {
      ...withMargin(cosines(net, embeddings, target, start), target, scale, (c) => subtract(c, own)),
      extra: times(subtract(scalar(1), mean), weight),
      figures: { margin: mean },
    };
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const { scale, weight } = complete(settings);
    const own = (c: number): number => ownLogit(settings, c);
    const margins = weight * (1 - firstMargin);
    return expectedLoss(cosineLogits(embedding, scale, own), classes, loss) + margins;
  },
};

const firstMargin = 0.35;

function ownLogit(settings: HeadSettings, c: number): number {
  return complete(settings).scale * (c - firstMargin);
}

function complete({ scale = 32, weight = 70, start = 'unit' }: HeadSettings) {
  return { scale, weight, start };
}
