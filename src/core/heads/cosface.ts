import { scalar } from '../graph/builder.ts';
import { subtract } from '../ops/subtract.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { cosineMarginOption, scaleOption, startOption } from './options.ts';

/** CosFace (Wang et al. 2018): the target's logit is s·(c − m). */
export const cosface: Head = {
  name: 'cosface',
  title: 'CosFace',
  family: 'The same margin for all',
  about: 'A margin of the cosine.',
  presets: {
    'face.evoLVe': { scale: 64, margin: 0.35, start: 'xavier' },
    'FaceX-Zoo': { scale: 32, margin: 0.35, start: 'unit' },
  },
  options: [scaleOption, cosineMarginOption, startOption],
  held: [],
  build(net, embeddings, target, settings) {
    const { scale, margin, start } = complete(settings);
    const cosine = cosines(net, embeddings, target, start);
    return withMargin(cosine, target, scale, (c) => subtract(c, scalar(margin)));
  },
  target: ownLogit,
  expectedLoss(settings, classes, embedding, loss) {
    const own = (c: number): number => ownLogit(settings, c);
    return expectedLoss(cosineLogits(embedding, complete(settings).scale, own), classes, loss);
  },
};

function complete({ scale = 64, margin = 0.35, start = 'xavier' }: HeadSettings) {
  return { scale, margin, start };
}

function ownLogit(settings: HeadSettings, c: number): number {
  const { scale, margin } = complete(settings);
  return scale * (c - margin);
}
