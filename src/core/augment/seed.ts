import { mixSeeds } from '../base/random.ts';

/**
 * The seed of a picture's augmentation: by the run's seed, the epoch, and the picture's place in that epoch's order. It is the same
 * whatever the number of workers and the size of batches, and a picture that is drawn twice in an epoch is altered in
 * two ways.
 */
export function augmentationSeed(runSeed: number, epoch: number, place: number): number {
  return mixSeeds(runSeed, 31, epoch, place);
}
