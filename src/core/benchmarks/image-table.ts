import { badLine } from './lines.ts';
import type { BenchmarkImage, BenchmarkPair, VerificationList } from './types.ts';

/** The pictures of a list, each once, in the order in which they are first named. */
export interface ImageTable {
  /** The picture's place. */
  add(key: string, person: string | null, group?: string | null): number;
  readonly images: readonly BenchmarkImage[];
}

export function imageTable(): ImageTable {
  const images: BenchmarkImage[] = [];
  const places = new Map<string, number>();
  return {
    add: (key, person, group = null) => {
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, images.length);
      return images.push({ key, person, group }) - 1;
    },
    images,
  };
}

/** A pair as a file has it. */
export interface FoundPair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
}

/** A list of found pairs in `folds` parts of one size (the first have one more where it does not come out even), or none. */
export function verificationList(
  images: readonly BenchmarkImage[],
  pairs: readonly FoundPair[],
  folds: number | null,
): VerificationList {
  const withFolds: readonly BenchmarkPair[] =
    folds === null
      ? pairs.map((pair) => ({ ...pair, fold: null }))
      : inFolds(pairs, folds).flatMap((part, fold) => part.map((pair) => ({ ...pair, fold })));
  return { kind: 'verification', images, pairs: withFolds, folds, training: [], groups: groupsOf(images) };
}

/** Contiguous parts of one size; the first have one more where it does not come out even, as in sklearn's KFold. */
export function inFolds<Item>(items: readonly Item[], folds: number): Item[][] {
  const [size, more] = [Math.floor(items.length / folds), items.length % folds];
  return Array.from({ length: folds }, (_, fold) => {
    const from = fold * size + Math.min(fold, more);
    return items.slice(from, from + size + (fold < more ? 1 : 0));
  });
}

/**
 * Where all pairs of one person come before all others (CPLFW, CALFW), `folds` folds that each have their share of both, those of
 * one person first; otherwise the order is the file's.
 */
export function interleaved(pairs: readonly FoundPair[], folds: number): readonly FoundPair[] {
  const first = pairs.findIndex(({ same }) => !same);
  if (first <= 0 || pairs.slice(first).some(({ same }) => same)) return pairs;
  const others = inFolds(pairs.slice(first), folds);
  return inFolds(pairs.slice(0, first), folds).flatMap((part, fold) => [...part, ...(others[fold] ?? [])]);
}

export function groupsOf(images: readonly BenchmarkImage[]): readonly string[] {
  return [...new Set(images.flatMap(({ group }) => (group === null ? [] : [group])))];
}

/** Throws where a file has no pairs at all. */
export function somePairs<Pair>(pairs: readonly Pair[], file: string): readonly Pair[] {
  if (pairs.length === 0) throw badLine(file, 1, 'there are no pairs in this file');
  return pairs;
}
