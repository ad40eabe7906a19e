import { assert } from '../base/assert.ts';
import type { Points5, Similarity, Solver } from './types.ts';

/*
 * A similarity of the plane is one complex multiplication and addition. With w = a + ib and z = x + iy:
 *   q = w·z + t           keeps the orientation,
 *   q = w·conj(z) + t     mirrors.
 * The least squares over points z → q is, with z and q centred on their means,
 *   w = Σ q·conj(z) / Σ|z|²  or, mirrored,  w = Σ q·z / Σ|z|².
 * That is what Umeyama (1991) gets by a singular value decomposition; in the plane the closed form is the same minimum.
 */

export const identity: Similarity = { a: 1, b: 0, tx: 0, ty: 0, reflect: false };

/** x at even, y at odd places; any number of points from two on. */
type Points = readonly number[];

interface Fit {
  readonly transform: Similarity;
  /** Sum of the squared distances that remain. */
  readonly residual: number;
}

function leastSquares(from: Points, to: Points, reflect: boolean): Fit | null {
  const n = from.length / 2;
  let mx = 0;
  let my = 0;
  let mu = 0;
  let mv = 0;
  for (let i = 0; i < from.length; i += 2) {
    mx += (from[i] ?? 0) / n;
    my += (from[i + 1] ?? 0) / n;
    mu += (to[i] ?? 0) / n;
    mv += (to[i + 1] ?? 0) / n;
  }
  const mirror = reflect ? -1 : 1;
  let size = 0; // Σ|z|²
  let target = 0; // Σ|q|²
  let re = 0;
  let im = 0;
  for (let i = 0; i < from.length; i += 2) {
    const x = (from[i] ?? 0) - mx;
    const y = ((from[i + 1] ?? 0) - my) * mirror;
    const u = (to[i] ?? 0) - mu;
    const v = (to[i + 1] ?? 0) - mv;
    size += x * x + y * y;
    target += u * u + v * v;
    re += u * x + v * y;
    im += v * x - u * y;
  }
  if (!(size > 0)) return null;
  const a = re / size;
  const b = im / size;
  if (!Number.isFinite(a) || !Number.isFinite(b) || a * a + b * b === 0) return null;
  const tx = mu - (a * mx - b * my * mirror);
  const ty = mv - (b * mx + a * my * mirror);
  return { transform: { a, b, tx, ty, reflect }, residual: target - (a * a + b * b) * size };
}

/**
 * The similarity that takes `from` to `to` with the least sum of squared distances measured in `to` (Umeyama 1991).
 * Null where the points give none (all of them in one place, or not finite).
 */
export function umeyama(from: Points, to: Points, options: { reflection?: boolean } = {}): Similarity | null {
  assert(from.length === to.length && from.length >= 4 && from.length % 2 === 0, 'two equal lists of points');
  const direct = leastSquares(from, to, false);
  if (!options.reflection) return direct?.transform ?? null;
  const mirrored = leastSquares(from, to, true);
  if (!direct || !mirrored) return (direct ?? mirrored)?.transform ?? null;
  return (direct.residual <= mirrored.residual ? direct : mirrored).transform;
}

function distanceTo(transform: Similarity, from: Points, to: Points): number {
  const mapped = applyToPoints(transform, from);
  let sum = 0;
  for (let i = 0; i < mapped.length; i++) sum += ((mapped[i] ?? 0) - (to[i] ?? 0)) ** 2;
  return sum;
}

/**
 * face.evoLVe's solver (spec §1.4), for reproducing its crops: the least squares of template → photograph, inverted,
 * so that distances are measured in the photograph. It also fits a mirrored candidate and, having overwritten the
 * template with its mirror image on the way, judges both candidates by their distance from the *mirrored* template:
 * points that are much narrower or much flatter than a frontal face's (profiles, faces bent far down) come out
 * mirrored. That quirk is reproduced; it does not depend on how the face is turned in the picture's plane.
 */
export function evolve(from: Points, to: Points): Similarity | null {
  assert(from.length === to.length && from.length >= 4 && from.length % 2 === 0, 'two equal lists of points');
  const mirroredTo = to.map((value, i) => (i % 2 === 0 ? -value : value));
  const direct = leastSquares(to, from, false);
  const mirrored = leastSquares(mirroredTo, from, false);
  if (!direct || !mirrored) return direct ? invert(direct.transform) : null;
  const first = invert(direct.transform);
  // photograph → mirrored template, then x turned back: (x, y) → (−x, y)
  const second = compose({ a: -1, b: 0, tx: 0, ty: 0, reflect: true }, invert(mirrored.transform));
  return distanceTo(first, from, mirroredTo) <= distanceTo(second, from, mirroredTo) ? first : second;
}

/** The similarity from five points of a photograph to a template; null where the points are degenerate. */
export function solve(solver: Solver, points: Points5, to: Points5): Similarity | null {
  return solver === 'umeyama' ? umeyama(points, to) : evolve(points, to);
}

/** Where the similarity takes one point. */
export function apply(transform: Similarity, x: number, y: number): readonly [number, number] {
  const { a, b, tx, ty } = transform;
  const v = transform.reflect ? -y : y;
  return [a * x - b * v + tx, b * x + a * v + ty];
}

/** Where the similarity takes a list of points, x and y in turn. */
export function applyToPoints(transform: Similarity, points: Points): number[] {
  const out: number[] = [];
  for (let i = 0; i + 1 < points.length; i += 2)
    out.push(...apply(transform, points[i] ?? 0, points[i + 1] ?? 0));
  return out;
}

/** Crop → photograph for photograph → crop. The similarity must have a scale above 0. */
export function invert(transform: Similarity): Similarity {
  const { a, b, tx, ty, reflect } = transform;
  const squared = a * a + b * b;
  assert(squared > 0, 'a similarity with a scale');
  if (reflect) {
    // q = w·conj(z) + t  ⇒  z = (w / |w|²)·conj(q − t): the mirrored part is its own kind of inverse
    const ia = a / squared;
    const ib = b / squared;
    return { a: ia, b: ib, tx: -(ia * tx + ib * ty), ty: -(ib * tx - ia * ty), reflect };
  }
  const ia = a / squared;
  const ib = -b / squared;
  return { a: ia, b: ib, tx: -(ia * tx - ib * ty), ty: -(ib * tx + ia * ty), reflect };
}

/** First `inner`, then `outer`. */
export function compose(outer: Similarity, inner: Similarity): Similarity {
  const [tx, ty] = apply(outer, inner.tx, inner.ty);
  // w₂·w₁, or w₂·conj(w₁) where the outer one mirrors
  const b = outer.reflect ? -inner.b : inner.b;
  return {
    a: outer.a * inner.a - outer.b * b,
    b: outer.b * inner.a + outer.a * b,
    tx,
    ty,
    reflect: outer.reflect !== inner.reflect,
  };
}

/** Crop pixels per photograph pixel. */
export function scaleOf(transform: Similarity): number {
  return Math.sqrt(transform.a * transform.a + transform.b * transform.b);
}
