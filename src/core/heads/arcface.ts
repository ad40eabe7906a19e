import { arcCurve, arcTarget } from './arc.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { angleOption, fallbackOption, scaleOption, startOption } from './options.ts';

/** ArcFace (Deng et al. 2019): the target's logit is s·cos(θ + m); see arc.ts for angles beyond π. */
export const arcface: Head = {
  name: 'arcface',
  title: 'ArcFace',
  family: 'The same margin for all',
  about: 'A margin of the angle: the usual choice.',
  presets: {
    'face.evoLVe': { scale: 64, margin: 0.5, fallback: 'line', easy: false, start: 'xavier' },
    'FaceX-Zoo': { scale: 32, margin: 0.35, fallback: 'none', easy: false, start: 'unit' },
  },
  options: [
    scaleOption,
    angleOption,
    fallbackOption,
    {
      name: 'easy',
      title: 'Easy margin',
      kind: 'boolean',
      about: 'The margin only where the angle is below a right angle already.',
    },
    startOption,
  ],
  held: [],
  build(net, embeddings, target, settings) {
    const { scale, margin, fallback, easy, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    return withMargin(cosine, target, scale, (c) => arcTarget(c, margin, fallback, easy));
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const own = (c: number): number => ownLogit(settings, c);
    return expectedLoss(cosineLogits(embedding, complete(settings).scale, own), classes, loss);
  },
};

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale, margin, fallback, easy } = complete(settings);
  return scale * arcCurve(c, margin, fallback, easy);
}

function complete({
  scale = 64,
  margin = 0.5,
  fallback = 'line',
  easy = false,
  start = 'xavier',
}: HeadSettings) {
  return { scale, margin, fallback, easy, start };
}
