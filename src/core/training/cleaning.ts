import { assert } from '../base/assert.ts';
import { type CleaningLimits, type NoiseModel, relabelCertainty, wrongCertainty } from './label-noise.ts';
import { countsOf } from './split.ts';

/** What is wrong with the names of a list of pictures, by what a network says: what would be changed, and what is left. */

export type CleaningAction = 'drop' | 'relabel' | 'merge';

/** How like its own class and the nearest other one each picture is. */
export interface LabelScores {
  /** Class of each picture. [n] */
  readonly labels: Int32Array;
  /** NaN where nothing else of the class is there to compare with. [n] */
  readonly own: Float32Array;
  /** To the nearest other class; NaN where there is none. [n] */
  readonly next: Float32Array;
  /** Which one that is; −1 where there is none. [n] */
  readonly nearest: Int32Array;
}

/** A change of one picture. */
export interface LabelChange {
  /** Index of the picture. */
  readonly picture: number;
  readonly action: CleaningAction;
  readonly from: number;
  /** The class that it goes to; null where it is left out. */
  readonly to: number | null;
  readonly own: number;
  readonly next: number;
  /** 0..1 */
  readonly certainty: number;
}

/**
 * Pictures whose names are likely wrong, the most certain first (by index where they are as certain). One that is
 * clearly more like another class goes there; else one that is unlike its own is left out. Pictures that are alone under
 * their name can't be judged, and of two that are unlike each other nobody knows which one is wrong: neither is left out,
 * nor where two are left after others went to their classes.
 */
export function suspects(scores: LabelScores, limits: CleaningLimits, model: NoiseModel): LabelChange[] {
  const { labels, own, next, nearest } = scores;
  assert(own.length === labels.length && next.length === labels.length, 'similarities for each picture');
  const left = countsOf(labels);
  const found: LabelChange[] = [];
  const unlike: LabelChange[] = [];
  for (let picture = 0; picture < labels.length; picture++) {
    const [mine, other, to] = [
      own[picture] ?? Number.NaN,
      next[picture] ?? Number.NaN,
      nearest[picture] ?? -1,
    ];
    if (Number.isNaN(mine)) continue;
    const from = labels[picture] ?? 0;
    const change = { picture, from, own: mine, next: other };
    if (to >= 0 && other >= limits.relabelAbove && other - mine >= limits.margin) {
      found.push({ ...change, action: 'relabel', to, certainty: relabelCertainty(model, mine, other) });
      left[from] = (left[from] ?? 0) - 1;
    } else if (mine < limits.dropBelow) {
      unlike.push({ ...change, action: 'drop', to: null, certainty: wrongCertainty(model, mine) });
    }
  }
  // What goes elsewhere does not count: it is what the others may be unlike.
  found.push(...unlike.filter(({ from }) => (left[from] ?? 0) > 2));
  // Ties of what is as good as certain are told apart by how far the similarities are.
  const gap = (change: LabelChange): number => (change.to === null ? 0 : change.next) - change.own;
  return found.sort((a, b) => b.certainty - a.certainty || gap(b) - gap(a) || a.picture - b.picture);
}

/** Two classes that may be one person's. */
export interface ClassPair {
  readonly a: number;
  readonly b: number;
  /** Of the pictures of either to the other's centre: the lower of both means. */
  readonly similarity: number;
}

/**
 * Where each class goes when pairs are made one: to the largest of those that hang together, of equal ones the first.
 * [classes]
 */
export function mergedClasses(
  counts: ArrayLike<number>,
  pairs: readonly (readonly [number, number])[],
): Int32Array {
  const parent = Int32Array.from(counts, (_, label) => label);
  const rootOf = (label: number): number => {
    let at = label;
    while (parent[at] !== at) at = parent[at] ?? 0;
    return at;
  };
  const larger = (a: number, b: number): boolean =>
    (counts[a] ?? 0) > (counts[b] ?? 0) || ((counts[a] ?? 0) === (counts[b] ?? 0) && a < b);
  for (const [a, b] of pairs) {
    assert(a >= 0 && b >= 0 && a < counts.length && b < counts.length, `classes ${a} and ${b}`);
    const [one, other] = [rootOf(a), rootOf(b)];
    // The root is always the largest of its group.
    if (one !== other) parent[larger(one, other) ? other : one] = larger(one, other) ? one : other;
  }
  return parent.map((_, label) => rootOf(label));
}

/**
 * All changes: the suspects that were not refused, and every other picture of a class that is merged into another. A
 * suspect that goes to a merged class goes where that one goes.
 */
export function plannedChanges(
  scores: LabelScores,
  found: readonly LabelChange[],
  refused: ReadonlySet<number>,
  merged: Int32Array,
): LabelChange[] {
  const target = (label: number): number => merged[label] ?? label;
  const changes: LabelChange[] = [];
  const settled = new Set<number>();
  for (const change of found) {
    if (refused.has(change.picture)) continue;
    const to = change.to === null ? null : target(change.to);
    // Where both names become one there is nothing to give.
    if (to === target(change.from)) continue;
    settled.add(change.picture);
    changes.push({ ...change, to });
  }
  for (let picture = 0; picture < scores.labels.length; picture++) {
    const from = scores.labels[picture] ?? 0;
    const to = target(from);
    if (to === from || settled.has(picture)) continue;
    const [own, next] = [scores.own[picture] ?? Number.NaN, scores.next[picture] ?? Number.NaN];
    changes.push({ picture, action: 'merge', from, to, own, next, certainty: 1 });
  }
  return changes;
}
