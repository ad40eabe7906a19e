import { scalar } from '../graph/builder.ts';
import { subtract } from '../ops/subtract.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import { type Head, scaleOption } from './head.ts';

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
  build(net, embeddings, target, { scale: s = 64, margin = 0.35 }) {
    return withMargin(cosines(net, embeddings, target), target, s, (c) => subtract(c, scalar(margin)));
  },
  target: ({ scale: s = 64, margin = 0.35 }, c) => s * (c - margin),
  expectedLoss({ scale: s = 64, margin = 0.35 }, classes, embedding, loss) {
    return expectedLoss(
      cosineLogits(embedding, s, (c) => s * (c - margin)),
      classes,
      loss,
    );
  },
};
