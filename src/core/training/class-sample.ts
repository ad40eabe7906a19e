import { assert } from '../base/assert.ts';
import { mixSeeds, seededRandom } from '../base/random.ts';

export interface ClassSampleRequest {
  readonly classes: number;
  /** How many of them enter the step; at least as many as there are different labels. */
  readonly sampled: number;
  /** [pictures of the step]: their classes. */
  readonly labels: Int32Array;
  readonly seed: number;
  readonly step: number;
}

export interface ClassSample {
  /** [sampled]: the classes that enter the step, ascending. */
  readonly rows: Int32Array;
  /** [pictures of the step]: places of their classes in `rows`. */
  readonly labels: Int32Array;
}

/**
 * The classes of a step of Partial FC (An et al. 2021): the pictures' own, always, and others by chance, all as likely. It
 * depends on seed, step and labels alone. One pass over all classes (Knuth's algorithm S): ten milliseconds for a million.
 */
export function sampleClasses({ classes, sampled, labels, seed, step }: ClassSampleRequest): ClassSample {
  const own = new Uint8Array(classes);
  for (const label of labels) own[label] = 1;
  const owns = own.reduce((sum, one) => sum + one, 0);
  assert(owns <= sampled && sampled <= classes, `${sampled} of ${classes} classes with ${owns} own ones`);
  const random = seededRandom(mixSeeds(seed, 31, step));
  let wanted = sampled - owns;
  let left = classes - owns;
  const rows = new Int32Array(sampled);
  const places = new Map<number, number>();
  for (let number = 0, at = 0; at < sampled; number++) {
    if (own[number] === 1) places.set(number, at);
    else if (random.next() * left-- < wanted) wanted--;
    else continue;
    rows[at++] = number;
  }
  return { rows, labels: labels.map((label) => places.get(label) ?? 0) };
}

/** How many classes enter a step at that rate: the pictures' own must have room. */
export function sampledClasses(classes: number, rate: number, stepImages: number): number {
  return Math.min(classes, Math.max(Math.ceil(classes * rate), stepImages, 2));
}
