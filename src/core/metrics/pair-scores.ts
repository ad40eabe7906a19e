import { assert } from '../base/assert.ts';
import { error } from '../base/errors.ts';

/** Cosines grow the more alike two faces are; squared L2 distances of unit embeddings (0…4) shrink. */
export type ScoreKind = 'cosine' | 'squared-distance';

/** Pairs of pictures in the order of their list, with one score each. */
export interface PairScores {
  readonly scores: ArrayLike<number>;
  /** 1 where both pictures show one person. */
  readonly same: ArrayLike<number>;
  /** The fold of each pair, from 0; left out or null: contiguous ones (`foldsOf`). */
  readonly folds?: ArrayLike<number> | null;
}

/** 1 or −1: what a score of this kind is multiplied by so that larger means more alike. */
export function signOf(kind: ScoreKind): 1 | -1 {
  return kind === 'cosine' ? 1 : -1;
}

/** Refuses scores that are NaN or infinite (`metrics/bad-score`, with the place in the list). */
export function checkScores(scores: ArrayLike<number>, what = 'pair'): void {
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? Number.NaN;
    if (!Number.isFinite(score)) throw error('metrics/bad-score', { what, index: i, score: String(score) });
  }
}

/** Refuses what no figure can be read from: bad scores, or lists of unlike lengths. */
export function checkPairs({ scores, same, folds }: PairScores): void {
  const n = scores.length;
  assert(same.length === n, `${same.length} labels for ${n} scores`);
  assert(!folds || folds.length === n, `${folds?.length ?? 0} folds for ${n} scores`);
  checkScores(scores);
}
