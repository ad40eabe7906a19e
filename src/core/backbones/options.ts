import { activations } from '../layers/activation.ts';
import type { BackboneOption } from './backbone.ts';

/** Settings that several families have. */

export const outputOption: BackboneOption = {
  name: 'output',
  kind: 'choice',
  of: ['e', 'own'],
  about:
    'How a map becomes the embedding: all of it by one matrix between normalisations (“E”, of face.evoLVe), or as the family’s own paper ends.',
};

export const stemOption: BackboneOption = {
  name: 'stem',
  kind: 'choice',
  of: ['paper', 'fine', 'deep'],
  about:
    'How pictures come in: as in the paper, 7×7 of stride 2; a 3×3 of stride 1, which keeps twice the detail at four times the work; or three 3×3.',
};

export const shortcutOption: BackboneOption = {
  name: 'shortcut',
  kind: 'choice',
  of: ['stride', 'mean'],
  about: 'How a shortcut halves: it leaves out every second pixel, or takes the mean of four (ResNet-D).',
};

export const reductionOption: BackboneOption = {
  name: 'reduction',
  kind: 'number',
  least: 1,
  most: 64,
  about: 'By how much squeeze-and-excitation narrows the channels; the paper: 16.',
};

export const activationOption: BackboneOption = {
  name: 'activation',
  kind: 'choice',
  of: activations,
  about: 'What comes after a normalised convolution; PReLU learns a slope for every channel.',
};

/** Of families whose stem is one 3×3 of stride 2. */
export const mobileStemOption: BackboneOption = {
  name: 'stem',
  kind: 'choice',
  of: ['fine', 'paper'],
  about:
    'How pictures come in: by a 3×3 of stride 1, so that 112 pixels become 7×7 in the end, or of stride 2 as in the paper, which sees half the detail for a quarter of the work.',
};

export const dropPathOption: BackboneOption = {
  name: 'dropPath',
  title: 'stochastic depth',
  kind: 'number',
  least: 0,
  most: 0.9,
  about:
    'How often the last unit with a shortcut is left out for a picture in training; earlier ones less, in proportion.',
};
