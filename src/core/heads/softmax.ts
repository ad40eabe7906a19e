import { side } from '../graph/shape.ts';
import { linear } from '../layers/linear.ts';
import type { Head } from './head.ts';

/** A linear layer with a bias. */
export const softmax: Head = {
  name: 'softmax',
  title: 'Softmax',
  presets: { 'face.evoLVe': {}, 'FaceX-Zoo': {} },
  build: (net, embeddings, target) => linear(net, 'classes', embeddings, { out: side(target.shape, 1) }),
};
