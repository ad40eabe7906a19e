import { z } from 'zod';
import { pluginName } from '../plugins/name.ts';

const share = z.number().min(0).max(1);
/** A probability per picture; 0 switches the operation off. */
const chance = share.default(0);

const augmentation = z.strictObject({
  cropFrom: z
    .int()
    .min(16)
    .max(512)
    .nullable()
    .default(null)
    .describe('Resize to this side and cut a random square of the input size; face.evoLVe: 128 for 112'),
  flip: share.default(0.5).describe('Chance of a horizontal flip'),
  rotation: z.number().min(0).max(45).default(0).describe('Largest rotation either way, in degrees'),
  rotationChance: share.default(1).describe('Chance that a picture is rotated at all'),
  brightness: z.number().min(0).max(1).default(0).describe('Factor from 1 − b to 1 + b; the paper: 0.4'),
  saturation: z.number().min(0).max(1).default(0).describe('Factor from 1 − s to 1 + s; the paper: 0.4'),
  hue: z.number().min(0).max(1).default(0).describe('Factor of the hue from 1 − h to 1 + h; the paper: 0.4'),
  pcaNoise: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Deviation of the noise along the colours’ principal components; the paper: 0.1'),
  grey: chance.describe('Chance of grey'),
  blur: chance.describe('Chance of a Gaussian blur with a deviation of 0.5 to 1.5 pixels'),
  jpeg: chance.describe('Chance of JPEG compression of quality 30 to 90'),
  randAugment: z
    .strictObject({
      operations: z.int().min(1).max(13).default(2).describe('Operations a picture; face.evoLVe: 6'),
      magnitude: z.int().min(0).max(9).default(5).describe('Each is drawn from 0 up to this'),
    })
    .nullable()
    .default(null)
    .describe('RandAugment (Cubuk et al. 2020): so many of 13 operations, at magnitudes up to this'),
  plugin: z
    .string()
    .regex(pluginName, { error: 'a plugin is named “plugin:NAME”' })
    .nullable()
    .default(null)
    .describe('Your own, after all the others but JPEG compression: `plugin:` and its name'),
});

const sampler = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('shuffle') }).describe('Every picture once an epoch, in a new order'),
  z
    .strictObject({ kind: z.literal('balanced') })
    .describe('Drawn with replacement, every identity as likely as the next'),
  z
    .strictObject({
      kind: z.literal('identities'),
      identities: z.int().min(2).max(4096).default(32).describe('P: different people in a batch'),
      pictures: z
        .int()
        .min(2)
        .max(64)
        .default(4)
        .describe('K: pictures of each; who has fewer comes with the same one again'),
    })
    .describe(
      'So many identities in every batch and so many pictures of each, to compare them with each other',
    ),
  z
    .strictObject({
      kind: z.literal('plugin'),
      name: z
        .string()
        .regex(pluginName, { error: 'a plugin is named “plugin:NAME”' })
        .describe('`plugin:` and its name'),
    })
    .describe('Your own: indices of the pictures of an epoch'),
  z
    .strictObject({ kind: z.literal('module'), file: z.string().min(1) })
    .describe('As recipes had it before there were plugins: it is read, and no longer trained'),
]);

/** What a recipe trains on: people and their pictures, in which order, and altered how. */
export const data = z.strictObject({
  version: z
    .string()
    .min(4)
    .describe('Hash of the dataset version, or as many of its first characters as tell it'),
  minImagesPerIdentity: z
    .int()
    .min(1)
    .default(2)
    .describe('Leave out identities with fewer pictures; nothing is deleted'),
  holdOut: z
    .strictObject({
      by: z
        .enum(['identities', 'images', 'none'])
        .default('identities')
        .describe('People that the network never sees tell best what it has learnt about faces'),
      share: z.number().min(0).max(0.9).default(0.1).describe('Of the people, or of each one’s pictures'),
    })
    .prefault({})
    .describe('What is kept out of training, to verify on'),
  sampler: sampler.prefault({ kind: 'shuffle' }),
  augmentation: augmentation.prefault({}),
});
