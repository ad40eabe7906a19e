import { scalar } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { sqrt } from '../ops/sqrt.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import { type Head, type HeadSettings, scaleOption } from './head.ts';

/**
 * ArcFace (Deng et al. 2019): the target's logit is s·cos(θ + m) = s·(c·cos m − √(1 − c²)·sin m). Where θ + m > π that
 * would grow again; there it is c − m·sin m, or c itself. With the easy margin it applies where c > 0 only.
 */
export const arcface: Head = {
  name: 'arcface',
  title: 'ArcFace',
  presets: {
    'face.evoLVe': { scale: 64, margin: 0.5, fallback: 'line', easy: false },
    'FaceX-Zoo': { scale: 32, margin: 0.35, fallback: 'none', easy: false },
  },
  options: [
    scaleOption,
    {
      name: 'margin',
      kind: 'number',
      least: 0,
      most: 1.5,
      about: 'Angle in radians by which the own class must be nearer than it is; the papers: 0.35 to 0.5.',
    },
    {
      name: 'fallback',
      kind: 'choice',
      of: ['line', 'none'],
      about:
        'Where angle and margin exceed π: go on as a line (face.evoLVe), or without the margin (FaceX-Zoo).',
    },
    {
      name: 'easy',
      kind: 'boolean',
      about: 'The margin only where the angle is below a right angle already.',
    },
  ],
  build(net, embeddings, target, settings) {
    const { scale: s, margin: m, fallback, easy } = complete(settings);
    return withMargin(cosines(net, embeddings, target), target, s, (c) => {
      const beyond = fallback === 'line' && !easy ? subtract(c, scalar(m * Math.sin(m))) : c;
      const applies = step(subtract(c, scalar(easy ? 0 : Math.cos(Math.PI - m))));
      return choose(applies, arc(c, m), beyond);
    });
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const own = (c: number): number => ownLogit(settings, c);
    return expectedLoss(cosineLogits(embedding, complete(settings).scale, own), classes, loss);
  },
};

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale: s, margin: m, fallback, easy } = complete(settings);
  if (easy ? c > 0 : c > Math.cos(Math.PI - m)) return s * Math.cos(Math.acos(c) + m);
  return s * (fallback === 'line' && !easy ? c - m * Math.sin(m) : c);
}

function complete({ scale: s = 64, margin = 0.5, fallback = 'line', easy = false }: HeadSettings) {
  return { scale: s, margin, fallback, easy };
}

/** cos(θ + m) from c = cos θ. The root stays away from 0, where its derivative is infinite. */
function arc(c: Value, m: number): Value {
  const sine = sqrt(clip(subtract(scalar(1), multiply(c, c)), 1e-10, Number.POSITIVE_INFINITY));
  return subtract(scale(c, Math.cos(m)), scale(sine, Math.sin(m)));
}

/** `yes` where the condition is 1, `no` where it is 0. */
function choose(condition: Value, yes: Value, no: Value): Value {
  return add(multiply(condition, yes), multiply(subtract(scalar(1), condition), no));
}
