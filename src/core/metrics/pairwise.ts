import { assert } from '../base/assert.ts';
import { counted } from '../base/counted.ts';

/** How well a grouping agrees with the truth, over pairs of items. */
export interface PairwiseAgreement {
  /** Of the pairs that were put together, the part that belongs together. 1 where there are none. */
  readonly precision: number;
  /** Of the pairs that belong together, the part that was put together. 1 where there are none. */
  readonly recall: number;
  /** 2·precision·recall / (precision + recall). */
  readonly f1: number;
}

const pairs = (count: number): number => (count * (count - 1)) / 2;

/** Pairwise precision, recall and F1 of `groups` against `truth`; items with the same number belong together. */
export function pairwiseAgreement(groups: ArrayLike<number>, truth: ArrayLike<number>): PairwiseAgreement {
  assert(groups.length === truth.length, `${groups.length} groups for ${truth.length} items`);
  const sum = <Key>(map: Map<Key, number>): number =>
    [...map.values()].reduce((total, count) => total + pairs(count), 0);
  const both = sum(counted(Array.from(groups, (group, i) => `${group} ${truth[i] ?? 0}`)));
  const together = sum(counted(Array.from(groups)));
  const wanted = sum(counted(Array.from(truth)));
  const precision = together === 0 ? 1 : both / together;
  const recall = wanted === 0 ? 1 : both / wanted;
  return {
    precision,
    recall,
    f1: both === 0 ? (together + wanted === 0 ? 1 : 0) : (2 * precision * recall) / (precision + recall),
  };
}
