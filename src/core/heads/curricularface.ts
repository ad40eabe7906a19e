import { add } from '../ops/add.ts';
import { multiply, scale as times } from '../ops/multiply.ts';
import { reduceMean } from '../ops/reduce-sum.ts';
import { subtract } from '../ops/subtract.ts';
import { angleOf, arc, arcCurve, arcTarget } from './arc.ts';
import { carried, mixed } from './carried.ts';
import { cosines, looksAt, ownOf } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import { hardNegatives, hardShare } from './hard.ts';
import type { Head, HeadSettings } from './head.ts';
import { angleOption, paceOption, scaleOption, startOption } from './options.ts';

/**
 * CurricularFace (Huang et al. 2020): the target's logit is s·cos(θ + m); another class's is s·c, and where c is above
 * cos(θ + m), s·c·(t + c). t is the running mean of the cosines to the own class: hard negatives count little to begin
 * with, and more than others later.
 */
export const curricularFace: Head = {
  name: 'curricularface',
  title: 'CurricularFace',
  family: 'Hard negatives count more',
  about: 'Hard negatives count little at first, and more later.',
  presets: {
    'FaceX-Zoo': { scale: 64, margin: 0.5, pace: 0.01, start: 'small' },
  },
  options: [scaleOption, angleOption, paceOption, startOption],
  held: ['the running mean t'],
  build(net, embeddings, target, settings) {
    const { scale, margin, pace, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    const own = ownOf(cosine, target);
    const t = carried(net, 'classes.curriculum', 0, (now) => mixed(now, reduceMean(own), pace));
    const hard = hardNegatives(cosine, target, arc(own, angleOf(margin)));
    const harder = subtract(multiply(cosine, add(cosine, t)), cosine);
    const moved = multiply(target, subtract(arcTarget(own, margin, 'line'), own));
    return {
      logits: times(add(add(cosine, multiply(hard, harder)), moved), scale),
      ...looksAt(cosine, own),
      figures: { curriculum: t, hardShare: hardShare(hard) },
    };
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const { scale, margin } = complete(settings);
    // t is 0 but for a hundredth of a mean that is about 0
    const other = (c: number, own: number): number =>
      scale * (c > Math.cos(Math.acos(own) + margin) ? c * c : c);
    const own = (c: number): number => ownLogit(settings, c);
    return expectedLoss(cosineLogits(embedding, scale, own, other), classes, loss);
  },
};

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale, margin } = complete(settings);
  return scale * arcCurve(c, margin, 'line');
}

function complete({ scale = 64, margin = 0.5, pace = 0.01, start = 'small' }: HeadSettings) {
  return { scale, margin, pace, start };
}
