import { Cancelled } from '../../core/base/errors.ts';
import { scorePairs as scoresOf } from '../../core/metrics/features.ts';
import type { ScoreKind } from '../../core/metrics/pair-scores.ts';
import { loadVectors, type VectorRows } from './load-vectors.ts';

/** Pictures whose embeddings are held at once: 128 MB of 512 numbers. */
const mostHeld = 65_536;

/** How pairs are scored. */
export interface ScoreOptions {
  readonly kind: ScoreKind;
  readonly signal: AbortSignal;
  /** Pictures held at once, where it is not the usual number; at least 2. */
  readonly held?: number;
}

/** Where a block of pairs that need no more than `most` pictures ends, and these pictures, ascending. */
function blockFrom(pairs: Int32Array, start: number, most: number): { end: number; images: Int32Array } {
  const images = new Set<number>();
  let pair = start;
  for (; 2 * pair < pairs.length; pair++) {
    const [a, b] = [pairs[2 * pair] ?? 0, pairs[2 * pair + 1] ?? 0];
    const fresh = (images.has(a) ? 0 : 1) + (images.has(b) || a === b ? 0 : 1);
    if (images.size + fresh > most && pair > start) break;
    images.add(a).add(b);
  }
  return { end: pair, images: Int32Array.from(images).sort() };
}

/**
 * Scores of pairs of embeddings, in double precision; of several models the mean, which is the score of their
 * concatenated embeddings scaled to length 1. `parts`: rows by picture, −1 where it has none; `pairs`: pictures, [n, 2].
 * NaN where a picture has no embedding of some model. [n]
 */
export async function scorePairs(
  parts: readonly VectorRows[],
  pairs: Int32Array,
  { kind, signal, held = mostHeld }: ScoreOptions,
): Promise<Float32Array> {
  const n = pairs.length / 2;
  const scores = new Float32Array(n);
  for (let start = 0; start < n; ) {
    if (signal.aborted) throw new Cancelled();
    const { end, images } = blockFrom(pairs, start, held);
    const sums = new Float64Array(end - start);
    for (const { file, width, rows } of parts) {
      const present = images.filter((image) => (rows[image] ?? -1) >= 0);
      const vectors = await loadVectors({ file, width, rows: present.map((image) => rows[image] ?? 0) });
      const places = new Map(Array.from(present, (image, place) => [image, place]));
      const both: number[] = [];
      for (let pair = start; pair < end; pair++) {
        if (places.has(pairs[2 * pair] ?? -1) && places.has(pairs[2 * pair + 1] ?? -1)) both.push(pair);
        else sums[pair - start] = Number.NaN;
      }
      const side = (which: 0 | 1): Int32Array =>
        Int32Array.from(both, (pair) => places.get(pairs[2 * pair + which] ?? -1) ?? 0);
      const found = scoresOf({ width, values: vectors }, side(0), side(1), kind);
      for (const [i, pair] of both.entries())
        sums[pair - start] = (sums[pair - start] ?? 0) + (found[i] ?? 0);
    }
    for (let i = 0; i < sums.length; i++) scores[start + i] = (sums[i] ?? 0) / parts.length;
    start = end;
  }
  return scores;
}
