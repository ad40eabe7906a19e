import { mixSeeds } from '../base/random.ts';
import { type Person, person } from './person.ts';
import type { Vec3 } from './vectors.ts';

/** Of light, as eyes tell it: 0 … about 1.7. */
function unlikeColours(a: Vec3, b: Vec3): number {
  return Math.hypot(...[0, 1, 2].map((c) => Math.sqrt(a[c] ?? 0) - Math.sqrt(b[c] ?? 0)));
}

/**
 * How unlike two people are at first sight, before one looks at their faces: by the colours of skin and hair, sex, age, cut of
 * hair, beard and glasses. 0 where all of that is the same; two people at random are at about 4.7.
 */
export function unlike(a: Person, b: Person): number {
  return (
    3 * unlikeColours(a.skin.colour, b.skin.colour) +
    2 * unlikeColours(a.hair.colour, b.hair.colour) +
    Math.abs(a.masculinity - b.masculinity) +
    Math.abs(a.age - b.age) / 80 +
    (a.hair.cut === b.hair.cut ? 0 : 1.2) +
    (a.beard.cut === b.beard.cut ? 0 : 1) +
    ((a.glasses === null) === (b.glasses === null) ? 0 : 1)
  );
}

/** People that are drawn for each one that is taken, and of how many of them the look-alikes are sought. */
const drawn = 90;
const tried = 24;

/**
 * The seeds of `count` people whom one would take for each other at first sight: of many, those that are most like one of
 * them. What tells them apart is their faces. The same seed gives the same people; nobody is of `taken`.
 */
export function lookAlikes(seed: number, count: number, taken: ReadonlySet<number>): number[] {
  const seeds = new Set(Array.from({ length: drawn * count }, (_, i) => mixSeeds(seed, i)));
  // glasses come and go, and would hide what tells them apart
  const candidates = [...seeds]
    .filter((one) => !taken.has(one))
    .map(person)
    .filter(({ glasses }) => glasses === null);
  let [best, nearest] = [Infinity, candidates.slice(0, count)];
  for (const middle of candidates.slice(0, tried)) {
    const near = candidates
      .map((one) => ({ one, distance: unlike(middle, one) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, count);
    const furthest = near.at(-1)?.distance ?? 0;
    if (furthest >= best) continue;
    best = furthest;
    nearest = near.map(({ one }) => one);
  }
  return nearest.map((one) => one.seed);
}
