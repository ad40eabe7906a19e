import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import {
  apply,
  applyToPoints,
  compose,
  evolve,
  identity,
  invert,
  scaleOf,
  solve,
  umeyama,
} from '../../../src/core/faces/similarity.ts';
import { template, template112 } from '../../../src/core/faces/template.ts';
import type { Similarity } from '../../../src/core/faces/types.ts';

const random = seededRandom(11);
const uniform = (low: number, high: number): number => low + (high - low) * random.next();

function anySimilarity(reflect = random.next() < 0.5): Similarity {
  const angle = uniform(-Math.PI, Math.PI);
  const scale = uniform(0.2, 4);
  return {
    a: scale * Math.cos(angle),
    b: scale * Math.sin(angle),
    tx: uniform(-300, 300),
    ty: uniform(-300, 300),
    reflect,
  };
}

const anyPoints = (count = 5): number[] => Array.from({ length: 2 * count }, () => uniform(0, 112));

function expectClose(actual: readonly number[], wanted: readonly number[], tolerance = 1e-8): void {
  expect(actual.length).toBe(wanted.length);
  for (const [i, value] of actual.entries())
    expect(Math.abs(value - (wanted[i] ?? Number.NaN))).toBeLessThan(tolerance);
}

/** Solves the normal equations of a linear least squares by elimination: independent of the closed form. */
function leastSquares(rows: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = rows[0]?.length ?? 0;
  const m = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => rows.reduce((s, r) => s + (r[i] ?? 0) * (r[j] ?? 0), 0)),
    rows.reduce((s, r, k) => s + (r[i] ?? 0) * (right[k] ?? 0), 0),
  ]);
  for (let c = 0; c < size; c++) {
    const order = m.slice(c).sort((x, y) => Math.abs(y[c] ?? 0) - Math.abs(x[c] ?? 0));
    m.splice(c, order.length, ...order);
    for (let r = 0; r < size; r++) {
      if (r === c) continue;
      const factor = (m[r]?.[c] ?? 0) / (m[c]?.[c] ?? 1);
      m[r] = (m[r] ?? []).map((value, k) => value - factor * (m[c]?.[k] ?? 0));
    }
  }
  return m.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
}

/** The similarity of least squares as a linear problem in (a, b, tx, ty), mirrored or not. */
function oracle(from: readonly number[], to: readonly number[], reflect: boolean): Similarity {
  const f = reflect ? -1 : 1;
  const rows: number[][] = [];
  for (let i = 0; i < from.length; i += 2) {
    const x = from[i] ?? 0;
    const y = (from[i + 1] ?? 0) * f;
    rows.push([x, -y, 1, 0], [y, x, 0, 1]);
  }
  const [a = 0, b = 0, tx = 0, ty = 0] = leastSquares(rows, to);
  return { a, b, tx, ty, reflect };
}

const residual = (t: Similarity, from: readonly number[], to: readonly number[]): number =>
  applyToPoints(t, from).reduce((sum, v, i) => sum + (v - (to[i] ?? 0)) ** 2, 0);

const numbers = (t: Similarity): number[] => [t.a, t.b, t.tx, t.ty];

describe('similarity algebra', () => {
  it('undoes every transform by its inverse, on both sides', () => {
    for (let i = 0; i < 200; i++) {
      const t = anySimilarity();
      const points = anyPoints();
      expectClose(applyToPoints(invert(t), applyToPoints(t, points)), points);
      expectClose(applyToPoints(compose(t, invert(t)), points), points);
      expectClose(applyToPoints(compose(invert(t), t), points), points);
    }
  });

  it('composes as one after the other, also over mirrors', () => {
    for (let i = 0; i < 200; i++) {
      const outer = anySimilarity();
      const inner = anySimilarity();
      const points = anyPoints();
      const both = compose(outer, inner);
      expectClose(applyToPoints(both, points), applyToPoints(outer, applyToPoints(inner, points)), 1e-7);
      expect(both.reflect).toBe(outer.reflect !== inner.reflect);
      expect(scaleOf(both)).toBeCloseTo(scaleOf(outer) * scaleOf(inner), 9);
    }
  });

  it('follows the formula in the type', () => {
    expect(apply({ a: 2, b: 3, tx: 5, ty: 7, reflect: false }, 11, 13)).toEqual([22 - 39 + 5, 33 + 26 + 7]);
    expect(apply({ a: 2, b: 3, tx: 5, ty: 7, reflect: true }, 11, 13)).toEqual([22 + 39 + 5, 33 - 26 + 7]);
    expect(apply(identity, 3, 4)).toEqual([3, 4]);
  });
});

describe('umeyama', () => {
  it('finds an exact similarity again', () => {
    for (let i = 0; i < 100; i++) {
      const t = anySimilarity();
      const points = anyPoints();
      const found = umeyama(points, applyToPoints(t, points), { reflection: true });
      expect(found?.reflect).toBe(t.reflect);
      expectClose(numbers(found ?? identity), numbers(t), 1e-7);
    }
  });

  it('is the least squares of noisy points, as the normal equations give it', () => {
    for (let i = 0; i < 200; i++) {
      const from = anyPoints();
      const to = applyToPoints(anySimilarity(), from).map((v) => v + 20 * random.normal());
      const direct = oracle(from, to, false);
      expectClose(numbers(umeyama(from, to) ?? identity), numbers(direct), 1e-7);
      const mirrored = oracle(from, to, true);
      const best = residual(direct, from, to) <= residual(mirrored, from, to) ? direct : mirrored;
      const found = umeyama(from, to, { reflection: true }) ?? identity;
      expect(found.reflect).toBe(best.reflect);
      expectClose(numbers(found), numbers(best), 1e-7);
    }
  });

  it('gives the same crop whatever similarity the photograph went through first', () => {
    const face = anyPoints();
    const t = anySimilarity(false);
    const before = umeyama(face, template112) ?? identity;
    const after = umeyama(applyToPoints(t, face), template112) ?? identity;
    expectClose(applyToPoints(compose(after, t), face), applyToPoints(before, face), 1e-7);
  });

  it('has no answer where all points are in one place, or are not numbers', () => {
    expect(umeyama(Array(10).fill(4), template112)).toBeNull();
    expect(umeyama(Array(10).fill(Number.NaN), template112)).toBeNull();
    expect(evolve(Array(10).fill(4), template112)).toBeNull();
  });
});

describe('evolve', () => {
  const toPhotograph = (angle: number): Similarity => ({
    a: 2 * Math.cos(angle),
    b: 2 * Math.sin(angle),
    tx: 400,
    ty: 300,
    reflect: false,
  });

  it('is the inverse of the least squares from template to photograph', () => {
    for (let i = 0; i < 100; i++) {
      const points = applyToPoints(toPhotograph(uniform(-0.4, 0.4)), template112).map(
        (v) => v + 4 * random.normal(),
      );
      const found = evolve(points, template112);
      expect(found?.reflect).toBe(false);
      expectClose(numbers(found ?? identity), numbers(invert(oracle(template112, points, false))), 1e-6);
    }
  });

  it('agrees with Umeyama on exact points and differs on noisy ones', () => {
    const exact = applyToPoints(toPhotograph(0.2), template112);
    expectClose(
      numbers(evolve(exact, template112) ?? identity),
      numbers(umeyama(exact, template112) ?? identity),
    );
    const noisy = exact.map((v) => v + 10 * random.normal());
    const scale =
      scaleOf(evolve(noisy, template112) ?? identity) / scaleOf(umeyama(noisy, template112) ?? identity);
    expect(scale).toBeGreaterThan(1.001); // it minimises in the photograph, which shrinks less towards the mean
  });

  /** The published procedure step by step on [x y 1]·T matrices, with the array that it overwrites. */
  function published(
    uv: readonly number[],
    target: readonly number[],
  ): { forward: Similarity; mirrored: boolean } {
    const xy = [...target];
    const first = invert(oracle(xy, uv, false));
    for (let i = 0; i < xy.length; i += 2) xy[i] = -(xy[i] ?? 0); // xyR is xy itself
    const second = invert(oracle(xy, uv, false));
    const turnedBack = (points: readonly number[]): number[] =>
      applyToPoints(second, points).map((v, i) => (i % 2 === 0 ? -v : v));
    const norm = (points: readonly number[]): number =>
      Math.sqrt(points.reduce((sum, v, i) => sum + (v - (xy[i] ?? 0)) ** 2, 0));
    const mirrored = norm(applyToPoints(first, uv)) > norm(turnedBack(uv));
    return { forward: mirrored ? second : first, mirrored };
  }

  /** Noisy points of a face whose width is `squeeze` of a frontal one's, turned by up to `maxAngle`. */
  const face = (squeeze: number, maxAngle: number): number[] =>
    applyToPoints(
      toPhotograph(uniform(-maxAngle, maxAngle)),
      template112.map((v, i) => (i % 2 === 0 ? 56 + (v - 56) * squeeze : v)),
    ).map((v) => v + 4 * random.normal());

  it('is the published procedure, in both of its branches', () => {
    let mirrored = 0;
    for (let i = 0; i < 400; i++) {
      const points = face(uniform(0.02, 1), Math.PI);
      const wanted = published(points, template112);
      const found = evolve(points, template112) ?? identity;
      expect(found.reflect).toBe(wanted.mirrored);
      const crop = applyToPoints(wanted.forward, points).map((v, k) =>
        wanted.mirrored && k % 2 === 0 ? -v : v,
      );
      expectClose(applyToPoints(found, points), crop, 1e-5);
      if (wanted.mirrored) mirrored++;
    }
    expect(mirrored).toBeGreaterThan(40);
    expect(mirrored).toBeLessThan(360);
  });

  it('never mirrors frontal faces, whatever their angle in the picture', () => {
    for (let i = 0; i < 200; i++) {
      expect(evolve(face(1, Math.PI), template112)?.reflect).toBe(false);
    }
  });

  it('is chosen by name', () => {
    const points = anyPoints();
    expect(solve('evolve', points, template112)).toEqual(evolve(points, template112));
    expect(solve('umeyama', points, template112)).toEqual(umeyama(points, template112));
  });
});

describe('template', () => {
  it('scales with the crop', () => {
    expect(template(112)).toEqual(template112);
    expectClose(
      template(224),
      template112.map((v) => 2 * v),
    );
  });
});
