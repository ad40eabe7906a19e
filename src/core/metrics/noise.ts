import { assert } from '../base/assert.ts';
import { type Features, rowsOf, unitRows } from './features.ts';

/**
 * MegaFace's noise lists, as the field uses them (the lists of DeepGlint, the treatment of InsightFace): pictures that
 * show somebody else are not left out, which would change the numbers of pairs, but made harmless.
 */

export interface Cleaned {
  readonly features: Features;
  /** How many rows were replaced. */
  readonly replaced: number;
  /** Persons all of whose pictures are noise: there is no centre of the clean ones, so their rows are zero. */
  readonly lost: readonly number[];
}

/** Noisy probes (FaceScrub) get the centre of their person's clean pictures: the sum of those, by its length. */
export function centreNoisyProbes(
  features: Features,
  identities: ArrayLike<number>,
  noisy: ReadonlySet<number>,
): Cleaned {
  const { width, values } = features;
  const rows = rowsOf(features);
  assert(identities.length === rows, `${identities.length} persons for ${rows} rows`);
  const centres = new Map<number, Float64Array>();
  for (let row = 0; row < rows; row++) {
    if (noisy.has(row)) continue;
    const person = identities[row] ?? 0;
    const centre = centres.get(person) ?? new Float64Array(width);
    centres.set(person, centre);
    for (let i = 0; i < width; i++) centre[i] = (centre[i] ?? 0) + (values[row * width + i] ?? 0);
  }
  const cleaned = values.slice();
  const lost = new Set<number>();
  const places = [...noisy].filter((row) => row < rows);
  for (const row of places) {
    const person = identities[row] ?? 0;
    const centre = centres.get(person);
    if (!centre) lost.add(person);
    const unit = unitRows({ width, values: Float32Array.from(centre ?? new Float64Array(width)) });
    cleaned.set(unit.values, row * width);
  }
  return { features: { width, values: cleaned }, replaced: places.length, lost: [...lost] };
}

/** Noisy distractors (MegaFace) become rows of zeros: their cosine with every probe is 0. */
export function zeroNoisyDistractors(features: Features, noisy: ReadonlySet<number>): Cleaned {
  const rows = rowsOf(features);
  const values = features.values.slice();
  const places = [...noisy].filter((row) => row < rows);
  for (const row of places) values.fill(0, row * features.width, (row + 1) * features.width);
  return { features: { width: features.width, values }, replaced: places.length, lost: [] };
}
