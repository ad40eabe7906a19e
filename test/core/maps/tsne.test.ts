import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { affinities } from '../../../src/core/maps/affinities.ts';
import { openTsne, tsneGradient } from '../../../src/core/maps/tsne.ts';
import { agreement, mixture, neighboursOf } from '../../support/mixture.ts';

const few = mixture(1, { groups: 4, each: 12, width: 8, spread: 0.6 });
const near = neighboursOf(few.vectors, 8, 20);
const count = few.labels.length;

/** p as a full matrix. */
function dense(p: ReturnType<typeof affinities>): number[][] {
  const full = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < count; i++)
    for (let at = p.starts[i] ?? 0; at < (p.starts[i + 1] ?? 0); at++)
      (full[i] ?? [])[p.columns[at] ?? 0] = p.values[at] ?? 0;
  return full;
}

/** KL(p ‖ q) over all pairs, from the definitions. */
function divergence(p: readonly (readonly number[])[], y: ArrayLike<number>): number {
  const kernel = (i: number, j: number): number =>
    1 / (1 + ((y[2 * i] ?? 0) - (y[2 * j] ?? 0)) ** 2 + ((y[2 * i + 1] ?? 0) - (y[2 * j + 1] ?? 0)) ** 2);
  let total = 0;
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) if (i !== j) total += kernel(i, j);
  let sum = 0;
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) {
      const value = p[i]?.[j] ?? 0;
      if (i !== j && value > 0) sum += value * Math.log((value * total) / kernel(i, j));
    }
  return sum;
}

describe('affinities', () => {
  const p = dense(affinities(near, 5));

  it('are symmetric and sum to one', () => {
    expect(p.flat().reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < i; j++) expect(p[i]?.[j]).toBeCloseTo(p[j]?.[i] ?? -1, 15);
  });

  it('have the perplexity that was asked for, whatever the scale of the distances', () => {
    // One point and its neighbours on a line: half of p_j|i goes to each side, over 2n = 2.
    for (const scale of [1e-6, 1, 1e6]) {
      const line = {
        ...{ count: 1, k: 30, indices: Int32Array.from({ length: 30 }, (_, i) => i) },
        squares: Float64Array.from({ length: 30 }, (_, i) => scale * (i + 1) ** 2),
      };
      const { starts, columns, values } = affinities(line, 8);
      const row = new Float64Array(30);
      for (let at = starts[0] ?? 0; at < (starts[1] ?? 0); at++) row[columns[at] ?? 0] = values[at] ?? 0;
      // The point itself (column 0) got both halves.
      const conditional = Array.from(row, (value, j) => (j === 0 ? value : 2 * value));
      const entropy = -conditional.reduce((sum, value) => sum + (value > 0 ? value * Math.log(value) : 0), 0);
      expect(Math.exp(entropy)).toBeCloseTo(8, 3);
    }
  });

  it('stay finite where points lie on one another', () => {
    const same = {
      count: 3,
      k: 2,
      indices: Int32Array.from([1, 2, 0, 2, 0, 1]),
      squares: new Float64Array(6),
    };
    expect([...affinities(same, 30).values].every(Number.isFinite)).toBe(true);
  });
});

describe('the gradient', () => {
  const random = seededRandom(5);
  const y = Float64Array.from({ length: 2 * count }, () => random.normal());
  const p = affinities(near, 5);

  it('is that of the divergence, by finite differences', () => {
    const gradient = new Float64Array(2 * count);
    const told = tsneGradient(p, y, gradient, { theta: 0, exaggeration: 1 });
    const full = dense(p);
    expect(told).toBeCloseTo(divergence(full, y), 10);
    for (const i of [0, 17, 2 * count - 1]) {
      const moved = (by: number) =>
        divergence(
          full,
          y.map((value, k) => (k === i ? value + by : value)),
        );
      expect(gradient[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 7);
    }
  });

  it('is nearly the same with a coarser tree', () => {
    const [exact, coarse] = [new Float64Array(2 * count), new Float64Array(2 * count)];
    tsneGradient(p, y, exact, { theta: 0, exaggeration: 1 });
    tsneGradient(p, y, coarse, { theta: 0.5, exaggeration: 1 });
    const length = Math.hypot(...exact);
    expect(Math.hypot(...exact.map((value, i) => value - (coarse[i] ?? 0))) / length).toBeLessThan(0.02);
  });

  it('is finite where many points are one', () => {
    const gradient = new Float64Array(2 * count);
    tsneGradient(p, new Float64Array(2 * count), gradient, { theta: 0.5, exaggeration: 1 });
    expect([...gradient].every((value) => value === 0)).toBe(true);
  });
});

describe('a map by t-SNE', () => {
  const map = (seed: number): { readonly positions: Float64Array; readonly before: number } => {
    const layout = openTsne(near, { perplexity: 6, epochs: 300, seed });
    const before = divergence(dense(affinities(near, 6)), layout.positions);
    for (let step = 0; step < 300; step++) layout.step();
    return { positions: layout.positions, before };
  };

  it('brings people apart and lowers the divergence', () => {
    const { positions, before } = map(3);
    expect(agreement(positions, few.labels)).toBeGreaterThan(0.9);
    expect(divergence(dense(affinities(near, 6)), positions)).toBeLessThan(before / 2);
  });

  it('is the same for the same seed only', () => {
    expect(map(3).positions).toEqual(map(3).positions);
    expect(map(4).positions).not.toEqual(map(3).positions);
  });
});
