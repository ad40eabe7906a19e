import { assert } from '../base/assert.ts';
import type { Members } from './members.ts';

/**
 * The middles of classes of unit vectors, made so that pictures under a wrong name hardly move them: a class's centre is
 * the mean direction of the members that lie near together, found by concentration steps as in the least trimmed
 * squares of Rousseeuw and Van Driessen (1999). It withstands nearly half of a class being wrong.
 */

export interface ClassCentres {
  readonly width: number;
  /** Unit vectors; zeros where a class has no member. [classes, width] */
  readonly vectors: Float32Array;
  /** 1 for the members that their class's centre was made of. [n] */
  readonly core: Uint8Array;
  /** Cosine of each picture and its class's centre without it; NaN where no other member makes one. [n] */
  readonly own: Float32Array;
}

/** Members that are looked at to begin with; of a larger class, so many at even distances. */
const mostBeginners = 96;
const mostSteps = 20;

/** From `vectors` [n, width], unit, and the members of each of `classes` classes. */
export function classCentres(
  vectors: Float32Array,
  width: number,
  members: Members,
  classes: number,
): ClassCentres {
  const n = vectors.length / width;
  const core = new Uint8Array(n);
  const picturesOf = (label: number): number[] =>
    Array.from({ length: members.count(label) }, (_, i) => members.picture(label, i));
  for (const label of members.present) {
    const all = picturesOf(label);
    for (const picture of concentrated(vectors, width, all)) core[picture] = 1;
  }
  // Half a class makes a shaky centre, and may have a wrong one in it: all that lies near to the rest of it counts.
  const before = ownSimilarities(
    vectors,
    width,
    members,
    core,
    sumsOf(vectors, width, members, classes, core),
  );
  const limit = usualLimit(before);
  for (const label of members.present) {
    const near = picturesOf(label).filter((picture) => (before[picture] ?? Number.NaN) >= limit);
    if (near.length < 2) continue;
    for (const picture of picturesOf(label)) core[picture] = 0;
    for (const picture of near) core[picture] = 1;
  }
  const whole = sumsOf(vectors, width, members, classes, core);
  const own = ownSimilarities(vectors, width, members, core, whole);
  return { width, vectors: normalised(whole, width), core, own };
}

/** The half of the members (and one more where they are even) that lies nearest together. */
function concentrated(vectors: Float32Array, width: number, all: readonly number[]): readonly number[] {
  const keep = Math.floor(all.length / 2) + 1;
  if (keep >= all.length) return all;
  const centre = vectors.slice(...rowOf(beginner(vectors, width, all), width));
  let kept: readonly number[] = [];
  for (let step = 0; step < mostSteps; step++) {
    const scores = new Map(all.map((picture) => [picture, dot(vectors, picture, centre, width)]));
    const next = all
      .toSorted((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a - b)
      .slice(0, keep)
      .sort((a, b) => a - b);
    if (next.every((picture, i) => picture === kept[i])) break;
    kept = next;
    centre.fill(0);
    for (const picture of kept) addTo(centre, vectors, picture, width);
  }
  return kept;
}

/** The member that the nearer half of the others is most like. */
function beginner(vectors: Float32Array, width: number, all: readonly number[]): number {
  const stride = Math.max(1, all.length / mostBeginners);
  const some = Array.from(
    { length: Math.min(all.length, mostBeginners) },
    (_, i) => all[Math.floor(i * stride)] ?? 0,
  );
  const half = Math.floor(some.length / 2);
  let best = some[0] ?? 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const picture of some) {
    const row = vectors.subarray(...rowOf(picture, width));
    const scores = some.map((other) => (other === picture ? -2 : dot(vectors, other, row, width)));
    const sum = scores
      .sort((a, b) => b - a)
      .reduce((total, score, i) => (i < half ? total + score : total), 0);
    if (sum > most) [best, most] = [picture, sum];
  }
  return best;
}

/** Sums of the vectors that make the centres. [classes, width] */
function sumsOf(
  vectors: Float32Array,
  width: number,
  members: Members,
  classes: number,
  core: Uint8Array,
): Float32Array {
  const sums = new Float32Array(classes * width);
  for (const label of members.present) {
    assert(label < classes, `class ${label} of ${classes}`);
    const sum = sums.subarray(label * width, (label + 1) * width);
    for (let i = 0; i < members.count(label); i++) {
      const picture = members.picture(label, i);
      if (core[picture] === 1) addTo(sum, vectors, picture, width);
    }
  }
  return sums;
}

function ownSimilarities(
  vectors: Float32Array,
  width: number,
  members: Members,
  core: Uint8Array,
  sums: Float32Array,
): Float32Array {
  const own = new Float32Array(core.length).fill(Number.NaN);
  for (const label of members.present) {
    const sum = sums.subarray(label * width, (label + 1) * width);
    for (let i = 0; i < members.count(label); i++) {
      const picture = members.picture(label, i);
      own[picture] = cosineWithout(vectors, width, picture, sum, core[picture] ?? 0);
    }
  }
  return own;
}

/** Cosine of a picture and a sum of vectors that its own is taken out of `times` times; NaN where nothing is left. */
function cosineWithout(
  vectors: Float32Array,
  width: number,
  picture: number,
  sum: Float32Array,
  times: number,
): number {
  let product = 0;
  let square = 0;
  for (let d = 0; d < width; d++) {
    const value = vectors[picture * width + d] ?? 0;
    const rest = (sum[d] ?? 0) - times * value;
    product += rest * value;
    square += rest * rest;
  }
  // what is left of a sum of unit vectors without its only one is rounding
  return square > 1e-9 ? product / Math.sqrt(square) : Number.NaN;
}

/** Below what a picture is far from its class, by the median of all and 2.5 deviations as their median tells them. */
function usualLimit(own: Float32Array): number {
  const { mean, deviation } = robustNormal(own);
  return mean - 2.5 * deviation;
}

/** Mean and deviation of a normal distribution by medians, which a few values from elsewhere do not move. */
export function robustNormal(values: ArrayLike<number>): {
  readonly mean: number;
  readonly deviation: number;
} {
  const known = Float64Array.from(Array.from(values).filter((value) => !Number.isNaN(value))).sort();
  if (known.length === 0) return { mean: 0, deviation: 0 };
  const mean = middleOf(known);
  const away = known.map((value) => Math.abs(value - mean)).sort();
  return { mean, deviation: 1.4826 * middleOf(away) }; // of a normal distribution
}

function middleOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

function normalised(sums: Float32Array, width: number): Float32Array {
  const unit = sums.slice();
  for (let start = 0; start < unit.length; start += width) {
    const row = unit.subarray(start, start + width);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let d = 0; d < width; d++) row[d] = (row[d] ?? 0) / length;
  }
  return unit;
}

const rowOf = (picture: number, width: number): [number, number] => [picture * width, (picture + 1) * width];

function dot(vectors: Float32Array, picture: number, other: Float32Array, width: number): number {
  let sum = 0;
  for (let d = 0, at = picture * width; d < width; d++, at++) sum += (vectors[at] ?? 0) * (other[d] ?? 0);
  return sum;
}

function addTo(sum: Float32Array, vectors: Float32Array, picture: number, width: number): void {
  for (let d = 0, at = picture * width; d < width; d++, at++) sum[d] = (sum[d] ?? 0) + (vectors[at] ?? 0);
}
