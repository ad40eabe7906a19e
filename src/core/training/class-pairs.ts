import type { ClassCentres } from './class-centres.ts';
import type { ClassPair } from './cleaning.ts';

/** The nearest other centres of each class, [classes, k]: their classes (−1 where there are fewer). */
export interface NearCentres {
  readonly k: number;
  readonly classes: Int32Array;
}

/**
 * Pairs of classes whose pictures are, at the mean, at least `least` like the other's centre, the most alike first. Looked
 * at are the nearest centres of each class. `labels` [n] and `vectors` [n, width] as the centres were made of them.
 */
export function classPairs(
  vectors: Float32Array,
  labels: Int32Array,
  centres: ClassCentres,
  near: NearCentres,
  least: number,
): ClassPair[] {
  const { width, core } = centres;
  const count = centres.vectors.length / width;
  const means = new Float32Array(count * width); // not of length one: the mean of cosines is wanted
  const sizes = new Int32Array(count);
  for (const [picture, label] of labels.entries()) {
    if (core[picture] !== 1) continue;
    sizes[label] = (sizes[label] ?? 0) + 1;
    for (let d = 0; d < width; d++) {
      const at = label * width + d;
      means[at] = (means[at] ?? 0) + (vectors[picture * width + d] ?? 0);
    }
  }
  const toward = (from: number, to: number): number => {
    let sum = 0;
    for (let d = 0; d < width; d++)
      sum += (means[from * width + d] ?? 0) * (centres.vectors[to * width + d] ?? 0);
    return sum / Math.max(1, sizes[from] ?? 0);
  };
  const seen = new Set<string>();
  const pairs: ClassPair[] = [];
  for (let label = 0; label < count; label++) {
    for (let i = 0; i < near.k; i++) {
      const other = near.classes[label * near.k + i] ?? -1;
      if (other < 0 || other === label) continue;
      const [a, b] = [Math.min(label, other), Math.max(label, other)];
      const key = `${a} ${b}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const similarity = Math.min(toward(a, b), toward(b, a));
      if (similarity >= least) pairs.push({ a, b, similarity });
    }
  }
  return pairs.sort((one, two) => two.similarity - one.similarity || one.a - two.a || one.b - two.b);
}
