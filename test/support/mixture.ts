import { seededRandom } from '../../src/core/base/random.ts';
import type { Neighbours } from '../../src/core/maps/neighbours.ts';

/** Unit vectors around `groups` directions drawn by the seed. [groups·each, width] */
export function mixture(
  seed: number,
  options: {
    readonly groups: number;
    readonly each: number;
    readonly width: number;
    readonly spread: number;
  },
): { readonly vectors: Float32Array; readonly labels: Int32Array } {
  const { groups, each, width, spread } = options;
  const random = seededRandom(seed);
  const unit = (values: number[]): number[] => {
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  const normals = (): number[] => Array.from({ length: width }, () => random.normal());
  const middles = Array.from({ length: groups }, () => unit(normals()));
  const labels = Int32Array.from({ length: groups * each }, (_, i) => Math.floor(i / each));
  const rows = Array.from(labels, (label) => {
    const noise = normals();
    return unit(
      (middles[label] ?? []).map((value, k) => value + (spread * (noise[k] ?? 0)) / Math.sqrt(width)),
    );
  });
  return { vectors: Float32Array.from(rows.flat()), labels };
}

/** The nearest others, by comparing all with all. */
export function neighboursOf(vectors: Float32Array, width: number, k: number): Neighbours {
  const count = vectors.length / width;
  const square = (a: number, b: number): number => {
    let sum = 0;
    for (let m = 0; m < width; m++)
      sum += ((vectors[a * width + m] ?? 0) - (vectors[b * width + m] ?? 0)) ** 2;
    return sum;
  };
  const all = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) => ({ j, square: square(i, j) }))
      .filter(({ j }) => j !== i)
      .sort((a, b) => a.square - b.square)
      .slice(0, k),
  );
  return {
    ...{ count, k },
    indices: Int32Array.from(all.flat(), ({ j }) => j),
    squares: Float64Array.from(all.flat(), ({ square: far }) => far),
  };
}

/** Share of the points whose nearest other in the plane has their label. */
export function agreement(positions: Float64Array, labels: Int32Array): number {
  const { indices } = neighboursOf(Float32Array.from(positions), 2, 1);
  return (
    labels.reduce((sum, label, i) => sum + (labels[indices[i] ?? 0] === label ? 1 : 0), 0) / labels.length
  );
}
