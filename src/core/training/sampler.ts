import { assert } from '../base/assert.ts';
import { error } from '../base/errors.ts';
import { mixSeeds, seededRandom, shuffle } from '../base/random.ts';
import { membersOf } from './members.ts';

export interface SampleRequest {
  readonly epoch: number;
  readonly seed: number;
  /** [pictures]: their classes. */
  readonly classes: Int32Array;
}

/** Gives the pictures of an epoch in their order: at least `needed` of them, more count for nothing. */
export type EpochOrder = (request: SampleRequest, needed: number) => Int32Array;

/** Every picture once, in a new order each epoch. */
const shuffledOrder: EpochOrder = ({ epoch, seed, classes }) => {
  const order = new Int32Array(classes.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return shuffle(order, seededRandom(mixSeeds(seed, 21, epoch)));
};

/**
 * Drawn with replacement, each picture with weight N/count(its class) as in face.evoLVe: which is a class by chance, then
 * one of its pictures by chance.
 */
const balancedOrder: EpochOrder = ({ epoch, seed, classes }, needed) => {
  const random = seededRandom(mixSeeds(seed, 22, epoch));
  const { present, count, picture } = membersOf(classes);
  return new Int32Array(needed).map(() => {
    const number = present[random.int(present.length)] ?? 0;
    return picture(number, random.int(count(number)));
  });
};

export const epochOrders = { shuffle: shuffledOrder, balanced: balancedOrder } as const;

export interface Sampler {
  readonly stepsPerEpoch: number;
  /**
   * The pictures of a step, the first of which is 0; the epoch that it belongs to; and the place of its first picture in that
   * epoch. Any step can be asked for; only its own epoch is computed.
   */
  step(step: number): SampledStep;
}

export interface SampledStep {
  readonly epoch: number;
  readonly place: number;
  /** [pictures of a step]; valid until the next call. */
  readonly indices: Int32Array;
}

/**
 * Steps of an epoch; pictures that fill no whole step are left to the next epoch's order. Throws recipe/too-few-images
 * where they do not fill one step.
 */
export function stepsPerEpoch(images: number, stepImages: number): number {
  if (images < stepImages) throw error('recipe/too-few-images', { images, wanted: stepImages });
  return Math.floor(images / stepImages);
}

/**
 * The order of pictures over a whole run, a function of seed and step alone. `stepImages` is batch·accumulation.
 * Throws recipe/too-few-images where they do not fill one step.
 */
export function openSampler(
  order: EpochOrder,
  { classes, seed, stepImages }: Omit<SampleRequest, 'epoch'> & { readonly stepImages: number },
): Sampler {
  const steps = stepsPerEpoch(classes.length, stepImages);
  const needed = steps * stepImages;
  let known: { readonly epoch: number; readonly order: Int32Array } = { epoch: -1, order: new Int32Array() };
  return {
    stepsPerEpoch: steps,
    step: (step) => {
      assert(Number.isInteger(step) && step >= 0, `step ${step}`);
      const epoch = Math.floor(step / steps);
      if (known.epoch !== epoch) known = { epoch, order: order({ epoch, seed, classes }, needed) };
      assert(known.order.length >= needed, `${known.order.length} pictures of ${needed}`);
      const place = (step % steps) * stepImages;
      return { epoch, place, indices: known.order.subarray(place, place + stepImages) };
    },
  };
}
