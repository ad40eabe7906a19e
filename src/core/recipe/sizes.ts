import { counted } from '../base/counted.ts';

/** How many identities have n pictures: [n, identities], n ascending. */
export type Sizes = readonly (readonly [images: number, identities: number])[];

export interface SizeSummary {
  readonly images: number;
  readonly identities: number;
  /** Pictures of the identity with the fewest, of the one in the middle, of the one with the most; 0 where none is. */
  readonly fewest: number;
  readonly median: number;
  readonly most: number;
}

/** From whose each picture is: any numbers that tell identities apart. */
export function sizesOf(owners: Iterable<number>): Sizes {
  return [...counted(counted(owners).values())].sort(([a], [b]) => a - b);
}

/** Of the identities with at least `from` pictures. */
export function summarise(sizes: Sizes, from = 1): SizeSummary {
  const kept = sizes.filter(([images, identities]) => images >= from && identities > 0);
  const identities = kept.reduce((sum, [, people]) => sum + people, 0);
  let before = 0;
  // The lower one of two in the middle, so that it is a number that occurs.
  const middle = kept.find(([, people]) => {
    before += people;
    return before * 2 >= identities;
  });
  return {
    images: kept.reduce((sum, [images, people]) => sum + images * people, 0),
    identities,
    fewest: kept[0]?.[0] ?? 0,
    median: middle?.[0] ?? 0,
    most: kept.at(-1)?.[0] ?? 0,
  };
}

/** Pairs of pictures that there are: of one person, and of two. */
export function pairsOf(sizes: Sizes): { readonly same: number; readonly different: number } {
  const { images } = summarise(sizes);
  const same = sizes.reduce((sum, [n, people]) => sum + (people * n * (n - 1)) / 2, 0);
  return { same, different: (images * (images - 1)) / 2 - same };
}
