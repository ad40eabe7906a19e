import { scalar } from '../graph/builder.ts';
import { subtract } from '../ops/subtract.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import { type Head, type HeadSettings, scaleOption } from './head.ts';

/** CosFace, or AM-Softmax (Wang et al. 2018): the target's logit is s·(c − m). */
export const cosface: Head = {
  name: 'cosface',
  title: 'CosFace',
  presets: {
    'face.evoLVe': { scale: 64, margin: 0.35 },
    'FaceX-Zoo': { scale: 32, margin: 0.35 },
  },
  options: [
    scaleOption,
    {
      name: 'margin',
      kind: 'number',
      least: 0,
      most: 1,
      about: 'What is taken from the cosine to the own class; the papers: 0.35.',
    },
  ],
  build(net, embeddings, target, settings) {
    const { scale, margin } = complete(settings);
    return withMargin(cosines(net, embeddings, target), target, scale, (c) => subtract(c, scalar(margin)));
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const own = (c: number): number => ownLogit(settings, c);
    return expectedLoss(cosineLogits(embedding, complete(settings).scale, own), classes, loss);
  },
};

function complete({ scale = 64, margin = 0.35 }: HeadSettings) {
  return { scale, margin };
}

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale, margin } = complete(settings);
  return scale * (c - margin);
}
