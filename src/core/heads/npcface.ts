import { scalar } from '../graph/builder.ts';
import { add } from '../ops/add.ts';
import { detach } from '../ops/detach.ts';
import { divide } from '../ops/divide.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale as times } from '../ops/multiply.ts';
import { reduceMean, reduceSum } from '../ops/reduce-sum.ts';
import { subtract } from '../ops/subtract.ts';
import { angleOf, arc, arcCurve, arcTarget } from './arc.ts';
import { cosines, looksAt, ownOf } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import { hardNegatives, hardShare } from './hard.ts';
import type { Head, HeadSettings } from './head.ts';
import { angleOption, scaleOption, startOption } from './options.ts';

/**
 * NPCFace (Zeng et al. 2020): negatives with c > cos(θ + m) are hard and become t·c + a; the target's margin
 * m̃ = m₀ + m₁·(mean cosine of the picture's hard negatives) grows with them, and its logit is s·cos(θ + m̃) where
 * c_y > 0, else s·c_y. Without a hard negative m̃ = m₀.
 */
export const npcface: Head = {
  name: 'npcface',
  title: 'NPCFace',
  family: 'Hard negatives count more',
  about: 'Hard negatives count more, and the own class’s margin grows with them.',
  presets: {
    'FaceX-Zoo': preset(32, 0.35),
    'FaceX-Zoo’s code': preset(64, 0.5),
  },
  options: [
    scaleOption,
    { ...angleOption, title: 'Margin m of the boundary', about: 'Above cos(θ + m) a negative is hard.' },
    {
      name: 'marginOwn',
      title: 'Margin m₀ of the own class',
      kind: 'number',
      least: 0,
      most: 1.5,
      about: 'Angle in radians where no negative is hard; FaceX-Zoo: 0.4.',
    },
    {
      name: 'marginGain',
      title: 'Gain m₁ of the margin',
      kind: 'number',
      least: 0,
      most: 1.5,
      about: 'What it grows by, times the mean cosine of the hard negatives; FaceX-Zoo: 0.2.',
    },
    {
      name: 'hardFactor',
      title: 'Factor t of hard negatives',
      kind: 'number',
      least: 1,
      most: 3,
      step: 0.01,
      about: 'Hard negatives become t·c + a; FaceX-Zoo: 1.1.',
    },
    {
      name: 'hardShift',
      title: 'Shift a of hard negatives',
      kind: 'number',
      least: 0,
      most: 2,
      step: 0.01,
      about: 'Hard negatives become t·c + a; FaceX-Zoo: 0.2.',
    },
    startOption,
  ],
  held: ['the margin m̃'],
  build(net, embeddings, target, settings) {
    const { scale, margin, marginOwn, marginGain, hardFactor, hardShift, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    const own = ownOf(cosine, target);
    const hard = hardNegatives(cosine, target, arc(own, angleOf(margin)));
    const count = maximum(reduceSum(hard, [1], true), scalar(1));
    const mean = divide(reduceSum(multiply(hard, cosine), [1], true), count); // [n, 1]
    const grown = detach(add(times(mean, marginGain), scalar(marginOwn)));
    const harder = multiply(hard, add(times(cosine, hardFactor - 1), scalar(hardShift)));
    const moved = multiply(target, subtract(arcTarget(own, grown, 'none', true), own));
    return {
      logits: times(add(add(cosine, harder), moved), scale),
      ...looksAt(cosine, own),
      figures: { margin: reduceMean(grown), hardShare: hardShare(hard) },
    };
  },
  /** Without a hard negative. */
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const { scale, margin, marginOwn, hardFactor, hardShift } = complete(settings);
    const other = (c: number, own: number): number =>
      scale * (c > Math.cos(Math.acos(own) + margin) ? hardFactor * c + hardShift : c);
    // most negatives are hard then, and their mean is near 0
    const own = (c: number): number => ownLogit({ ...settings, marginOwn }, c);
    return expectedLoss(cosineLogits(embedding, scale, own, other), classes, loss);
  },
};

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale, marginOwn } = complete(settings);
  return scale * arcCurve(c, marginOwn, 'none', true);
}

function preset(scale: number, margin: number): HeadSettings {
  return {
    ...{ scale, margin, marginOwn: 0.4, marginGain: 0.2, hardFactor: 1.1, hardShift: 0.2 },
    start: 'unit',
  };
}

function complete({
  scale = 32,
  margin = 0.35,
  marginOwn = 0.4,
  marginGain = 0.2,
  hardFactor = 1.1,
  hardShift = 0.2,
  start = 'unit',
}: HeadSettings) {
  return { scale, margin, marginOwn, marginGain, hardFactor, hardShift, start };
}
