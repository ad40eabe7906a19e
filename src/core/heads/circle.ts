import { scalar } from '../graph/builder.ts';
import { add } from '../ops/add.ts';
import { detach } from '../ops/detach.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { relu } from '../ops/relu.ts';
import { subtract } from '../ops/subtract.ts';
import { cosines, looksAt, ownOf, placed } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { cosineMarginOption, startOption } from './options.ts';

/**
 * Circle loss by classes (Sun et al. 2020): the target's logit is γ·[1 + m − c]₊·(c − 1 + m), another class's is
 * γ·[c + m]₊·(c − m). The factors in [·]₊ say how far a cosine is from where it should be, and count as constants.
 */
export const circle: Head = {
  name: 'circle',
  title: 'Circle loss',
  family: 'Hard negatives count more',
  about: 'Each cosine counts by how far it is from where it should be.',
  presets: { 'FaceX-Zoo': { margin: 0.25, gamma: 256, start: 'unit' } },
  options: [
    {
      ...cosineMarginOption,
      about: 'Cosines to the own class should be above 1 − m, others below m; the paper: 0.25.',
    },
    {
      name: 'gamma',
      title: 'Scale γ',
      kind: 'number',
      least: 1,
      most: 4096,
      step: 16,
      about: 'Factor of the logits, which are squares of cosines; the paper: 256.',
    },
    startOption,
  ],
  held: ['the factors [1 + m − c]₊ and [c + m]₊'],
  build(net, embeddings, target, settings) {
    const { margin: m, gamma, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    const own = ownOf(cosine, target);
    const positive = multiply(detach(relu(subtract(scalar(1 + m), own))), subtract(own, scalar(1 - m)));
    const negative = multiply(detach(relu(add(cosine, scalar(m)))), subtract(cosine, scalar(m)));
    return { logits: scale(placed(negative, target, positive), gamma), ...looksAt(cosine, own) };
  },
  target: ownLogit,
  other: otherLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const own = (c: number): number => ownLogit(settings, c);
    const other = (c: number): number => otherLogit(settings, c);
    return expectedLoss({ ...cosineLogits(embedding, 1, own, other), compares: false }, classes, loss);
  },
};

function ownLogit(settings: HeadSettings, c: number): number {
  const { margin: m, gamma } = complete(settings);
  return gamma * Math.max(0, 1 + m - c) * (c - 1 + m);
}

function otherLogit(settings: HeadSettings, c: number): number {
  const { margin: m, gamma } = complete(settings);
  return gamma * Math.max(0, c + m) * (c - m);
}

function complete({ margin = 0.25, gamma = 256, start = 'unit' }: HeadSettings) {
  return { margin, gamma, start };
}
