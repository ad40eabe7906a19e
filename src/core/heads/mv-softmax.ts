import { scalar } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { multiply, scale as times } from '../ops/multiply.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import { angleOf, arc, arcCurve, arcTarget } from './arc.ts';
import { cosines, looksAt, ownOf } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import { hardNegatives, hardShare } from './hard.ts';
import type { Head, HeadSettings } from './head.ts';
import { angleOption, scaleOption, startOption } from './options.ts';

/**
 * MV-Softmax (Wang et al. 2020): negatives above the boundary, which is the target with its margin, become t·c + t − 1,
 * with t > 1, so that hard ones count more. `am`: the boundary is c_y − m, and the target's logit too where c_y > m, else
 * c_y. `arc`: the boundary is cos(θ + m), and the target's logit too where c_y > 0, else c_y.
 */
export const mvSoftmax: Head = {
  name: 'mv-softmax',
  title: 'MV-Softmax',
  family: 'Hard negatives count more',
  about: 'Negatives within the margin count more, with a margin of cosine or angle.',
  presets: {
    'FaceX-Zoo': { form: 'am', scale: 32, margin: 0.35, hardFactor: 1.12, start: 'unit' },
    'FaceX-Zoo, arc': { form: 'arc', scale: 32, margin: 0.35, hardFactor: 1.12, start: 'unit' },
  },
  options: [
    {
      name: 'form',
      title: 'Margin of',
      kind: 'choice',
      of: ['am', 'arc'],
      about: 'The cosine, as AM-Softmax has it, or the angle, as ArcFace has it.',
    },
    scaleOption,
    {
      ...angleOption,
      about: 'Taken from the cosine, or added to the angle in radians; the paper: 0.35 and 0.5.',
    },
    {
      name: 'hardFactor',
      title: 'Factor t of hard negatives',
      kind: 'number',
      least: 1,
      most: 3,
      step: 0.01,
      about: 'Hard negatives become t·c + t − 1; 1 leaves them as they are. FaceX-Zoo: 1.12.',
    },
    startOption,
  ],
  held: [],
  build(net, embeddings, target, settings) {
    const { form, scale, margin, hardFactor: t, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    const own = ownOf(cosine, target);
    const { boundary, logit } = form === 'am' ? byCosine(own, margin) : byAngle(own, margin);
    const hard = hardNegatives(cosine, target, boundary);
    // t·c + t − 1 − c = (t − 1)·(c + 1)
    const harder = multiply(hard, times(add(cosine, scalar(1)), t - 1));
    const moved = multiply(target, subtract(logit, own));
    return {
      logits: times(add(add(cosine, harder), moved), scale),
      ...looksAt(cosine, own),
      figures: { hardShare: hardShare(hard) },
    };
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const { form, scale, margin, hardFactor: t } = complete(settings);
    const other = (c: number, own: number): number => {
      const boundary = form === 'am' ? own - margin : Math.cos(Math.acos(own) + margin);
      return scale * (c > boundary ? t * c + t - 1 : c);
    };
    const own = (c: number): number => ownLogit(settings, c);
    return expectedLoss(cosineLogits(embedding, scale, own, other), classes, loss);
  },
};

interface Bounded {
  readonly boundary: Value;
  readonly logit: Value;
}

function byCosine(own: Value, m: number): Bounded {
  const less = subtract(own, scalar(m));
  return { boundary: less, logit: subtract(own, times(step(less), m)) };
}

function byAngle(own: Value, m: number): Bounded {
  return { boundary: arc(own, angleOf(m)), logit: arcTarget(own, m, 'none', true) };
}

function ownLogit(settings: HeadSettings, c: number): number {
  const { form, scale, margin } = complete(settings);
  if (form === 'arc') return scale * arcCurve(c, margin, 'none', true);
  return scale * (c > margin ? c - margin : c);
}

function complete({
  form = 'am',
  scale = 32,
  margin = 0.35,
  hardFactor = 1.12,
  start = 'unit',
}: HeadSettings) {
  return { form, scale, margin, hardFactor, start };
}
