import {
  type DetectorCard,
  detectorCard,
  embeddingCard,
  type Preprocessing,
} from '../../../src/core/contract/model-card.ts';
import type { Model } from '../../../src/core/contract/models.ts';

const input: Preprocessing = {
  width: 112,
  height: 112,
  multipleOf: 1,
  layout: 'nchw',
  colour: 'rgb',
  scale: 1,
  mean: [127.5],
  std: [128],
};
const sha256 = '0'.repeat(64);

const embedding = embeddingCard.parse({
  id: 'feature-512',
  name: 'Feature 512',
  sha256,
  licence: 'MIT',
  source: 'a registry package',
  notes: 'Measured on pairs drawn from a test set.',
  task: 'embedding',
  input,
  size: 512,
  template: 'arcface-112',
  threshold: 0.32,
  accuracy: 99.4,
  speed: 15.6,
});
export const detector: DetectorCard = detectorCard.parse({
  id: 'mtcnn',
  name: 'MTCNN',
  sha256,
  licence: 'MIT',
  source: 'a registry package',
  notes: '',
  task: 'detector',
  layout: 'mtcnn',
  files: [{ file: 'pnet.onnx', sha256 }],
  input: { ...input, width: null, height: null },
  scoreThreshold: 0.7,
  nmsThreshold: 0.4,
});

export function seededModels(): Model[] {
  return [
    { card: detector, builtIn: true, isDefault: true, bytes: 2_900_000 },
    {
      card: { ...detector, id: 'yunet', name: 'YuNet', layout: 'yunet' },
      builtIn: false,
      isDefault: false,
      bytes: 340_000,
    },
    { card: embedding, builtIn: true, isDefault: true, bytes: 174_000_000 },
    {
      card: {
        ...embedding,
        id: 'mobilefacenet',
        name: 'MobileFaceNet',
        size: 192,
        accuracy: null,
        speed: 88,
      },
      builtIn: true,
      isDefault: false,
      bytes: 5_200_000,
    },
  ];
}
