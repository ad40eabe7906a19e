import type { RecipeInput } from './recipe.ts';

/** A recipe to start from, as it was published; `scaleTemplate` fits it to the data at hand. */
export interface Template {
  readonly id: string;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly about: string;
  readonly recipe: Omit<RecipeInput, 'data'> & {
    readonly data: Omit<RecipeInput['data'], 'version'>;
    readonly head: { readonly kind: string; readonly options: Readonly<Record<string, number | string>> };
    readonly batch: number;
    readonly epochs: number;
    readonly schedule: NonNullable<RecipeInput['schedule']> & { readonly rate: number };
  };
  /** Steps that it wants however little data there is. */
  readonly leastSteps: number;
  /** Steps that it stays within; null: as many as its epochs have. */
  readonly mostSteps: number | null;
}

/** The face.evoLVe paper's training: `config.py` and `train.py` of its repository. */
const evolve: Template['recipe'] = {
  data: {
    minImagesPerIdentity: 10,
    sampler: { kind: 'balanced' },
    augmentation: { cropFrom: 128, flip: 0.5 },
  },
  network: { backbone: 'ir-50' },
  head: { kind: 'arcface', options: { scale: 64, margin: 0.5 } },
  loss: { kind: 'focal', gamma: 2, form: 'batch' },
  optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
  schedule: {
    rate: 0.1,
    warmUp: { epochs: 5 },
    decay: { kind: 'step', at: [35, 65, 95], factor: 0.1 },
  },
  batch: 512,
  epochs: 125,
  validation: { flip: true },
};

/** In a template: whichever embedding model is the default. */
export const defaultTeacher = 'onnx:default';

/** FaceX-Zoo's `training_mode/conventional_training`. */
const facexZoo: Template['recipe'] = {
  data: { augmentation: { flip: 0.5 } },
  network: { backbone: 'mobilefacenet', pixels: { mean: 127.5, deviation: 128, order: 'bgr' } },
  head: { kind: 'arcface', options: { scale: 32, margin: 0.35, fallback: 'none', start: 'unit' } },
  optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 1e-4 },
  schedule: { rate: 0.1, decay: { kind: 'step', at: [10, 13, 16], factor: 0.1 } },
  batch: 512,
  epochs: 18,
};

/** Hermans et al. 2017: the hardest triplet of each picture, Adam at 3e-4; 16 people of four pictures, where they have 18. */
const triplet: Template['recipe'] = {
  data: {
    minImagesPerIdentity: 2,
    sampler: { kind: 'identities', identities: 16, pictures: 4 },
    augmentation: { cropFrom: 128, flip: 0.5 },
  },
  network: { backbone: 'mobilefacenet', embedding: 128 },
  head: { kind: 'triplet', options: { margin: 0.3, mining: 'batch-hard' } },
  optimizer: { kind: 'adamw', weightDecay: 0 },
  schedule: { rate: 3e-4, warmUp: { epochs: 1 }, decay: { kind: 'cosine' } },
  batch: 64,
  epochs: 50,
};

export const templates: readonly Template[] = [
  {
    id: 'quick-look',
    title: 'Quick look',
    about: 'A small network for a few hundred steps: in minutes you see whether the data can be learnt.',
    recipe: {
      data: { augmentation: { flip: 0.5 } },
      network: { backbone: 'mobilefacenet', embedding: 128 },
      head: { kind: 'arcface', options: { scale: 32, margin: 0.2 } },
      schedule: { rate: 0.02, warmUp: { epochs: 1 }, decay: { kind: 'cosine' } },
      batch: 32,
      epochs: 10,
    },
    leastSteps: 300,
    mostSteps: 300,
  },
  {
    id: 'small-set',
    title: 'Small set',
    about:
      'MobileFaceNet with a gentle margin, more variation of the pictures and a cosine: for up to 1,000 identities.',
    recipe: {
      data: {
        augmentation: {
          cropFrom: 128,
          flip: 0.5,
          rotation: 8,
          rotationChance: 0.5,
          brightness: 0.3,
          saturation: 0.3,
          grey: 0.1,
          blur: 0.1,
        },
      },
      network: { backbone: 'mobilefacenet', embedding: 256 },
      head: { kind: 'arcface', options: { scale: 32, margin: 0.3 } },
      loss: { kind: 'cross-entropy', smoothing: 0.1 },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      schedule: { rate: 0.04, warmUp: { epochs: 2 }, decay: { kind: 'cosine' } },
      batch: 64,
      epochs: 60,
    },
    leastSteps: 3000,
    mostSteps: 20_000,
  },
  {
    id: 'face-evolve',
    title: 'face.evoLVe: IR-50 + ArcFace',
    about:
      'The recipe of the face.evoLVe paper: 125 epochs in steps, five of warm-up, focal loss, balanced drawing.',
    recipe: evolve,
    leastSteps: 3000,
    mostSteps: null,
  },
  {
    id: 'face-evolve-tricks',
    title: 'face.evoLVe with its tricks',
    about: 'The same with what the paper adds: label smoothing, a cosine, changes of colour.',
    recipe: {
      ...evolve,
      data: {
        ...evolve.data,
        augmentation: {
          cropFrom: 128,
          flip: 0.5,
          brightness: 0.4,
          saturation: 0.4,
          hue: 0.4,
          pcaNoise: 0.1,
        },
      },
      loss: { kind: 'cross-entropy', smoothing: 0.1 },
      schedule: { rate: 0.1, warmUp: { epochs: 5 }, decay: { kind: 'cosine' } },
    },
    leastSteps: 3000,
    mostSteps: null,
  },
  {
    id: 'facex-zoo-mobile',
    title: 'FaceX-Zoo: MobileFaceNet + ArcFace',
    about: 'FaceX-Zoo’s conventional training of its smallest network: 18 epochs, a rate in steps, BGR.',
    recipe: facexZoo,
    leastSteps: 3000,
    mostSteps: null,
  },
  {
    id: 'facex-zoo-ir-50',
    title: 'FaceX-Zoo: ResNet50-ir + AM-Softmax',
    about:
      'FaceX-Zoo’s conventional training of its larger network, with the cosine margin that it calls AM.',
    recipe: {
      ...facexZoo,
      network: { ...facexZoo.network, backbone: 'ir-50', dropout: 0.4 },
      head: { kind: 'cosface', options: { scale: 32, margin: 0.35 } },
    },
    leastSteps: 3000,
    mostSteps: null,
  },
  {
    id: 'facex-zoo-distillation',
    title: 'FaceX-Zoo: MobileFaceNet with a teacher',
    about:
      'The same training, while the default embedding model tells whom each face is like (PKT), as in FaceX-Zoo’s distillation.',
    recipe: {
      ...facexZoo,
      distillation: { teacher: { from: 'model', model: defaultTeacher }, neighbours: {} },
    },
    leastSteps: 3000,
    mostSteps: null,
  },
  {
    id: 'triplet',
    title: 'Triplet: some people, several pictures of each',
    about:
      'No classes, only pictures compared with each other: the hardest triplets of batches of 16 people with four pictures each, for many people with few pictures.',
    recipe: triplet,
    leastSteps: 5000,
    mostSteps: 25_000,
  },
];
