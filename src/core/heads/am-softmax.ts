import { scalar } from '../graph/builder.ts';
import { add } from '../ops/add.ts';
import { multiply, scale as times } from '../ops/multiply.ts';
import { subtract } from '../ops/subtract.ts';
import { cosines, looksAt, ownOf, withMargin } from './cosine.ts';
import { expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { lengthsOf } from './lengths.ts';
import { cosineMarginOption, scaleOption, startOption } from './options.ts';

/**
 * AM-Softmax (Wang et al. 2018): the target's logit is s·(c − m). face.evoLVe leaves embeddings their length and takes
 * the margin from ‖f‖·c; it then cuts that to [−1, 1], which loses almost every derivative and is not done here.
 */
export const amSoftmax: Head = {
  name: 'am-softmax',
  title: 'AM-Softmax',
  family: 'The same margin for all',
  about: 'CosFace’s margin with a smaller scale; embeddings may keep their length.',
  presets: {
    'FaceX-Zoo': { scale: 32, margin: 0.35, features: 'unit', start: 'unit' },
    'face.evoLVe': { scale: 30, margin: 0.35, features: 'raw', start: 'xavier' },
  },
  options: [
    scaleOption,
    cosineMarginOption,
    {
      name: 'features',
      title: 'Embeddings',
      kind: 'choice',
      of: ['unit', 'raw'],
      about: 'Of length 1, or of the length that they have (face.evoLVe), so that long ones count more.',
    },
    startOption,
  ],
  held: [],
  build(net, embeddings, target, settings) {
    const { scale, margin, features, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    if (features === 'unit') return withMargin(cosine, target, scale, (c) => subtract(c, scalar(margin)));
    const products = multiply(cosine, lengthsOf(embeddings));
    const logits = times(add(products, times(target, -margin)), scale);
    return { logits, ...looksAt(cosine, ownOf(cosine, target)) };
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const { scale, margin, features } = complete(settings);
    // an embedding as normalisation leaves it has a length of √d, so that its product with a direction is standard normal
    const spread = scale / (features === 'unit' ? Math.sqrt(embedding) : 1);
    const logits = { own: (z: number) => spread * z - scale * margin, other: (z: number) => spread * z };
    return expectedLoss(logits, classes, loss);
  },
};

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale, margin } = complete(settings);
  return scale * (c - margin);
}

function complete({ scale = 32, margin = 0.35, features = 'unit', start = 'unit' }: HeadSettings) {
  return { scale, margin, features, start };
}
