import { error } from '../base/errors.ts';
import { mixSeeds, seededRandom, shuffle } from '../base/random.ts';
import { drawPairs } from '../training/pairs.ts';

/** Pairs in folds that share no person. */
export interface DrawnFolds {
  /** [pairs, 2]: rows of the pictures that they were drawn from, the smaller first. */
  readonly pairs: Int32Array;
  /** [pairs]: 1 where both are one person. */
  readonly same: Uint8Array;
  /** [pairs]: from 0, ascending. */
  readonly folds: Int16Array;
}

/** A fold's people, and what can be drawn of them. */
interface Fold {
  readonly rows: number[];
  people: number;
  /** Pairs of one person, and the sum of squares of people's pictures. */
  same: number;
  squares: number;
  /** Pairs of one person that people give, each counted at most as often as the fold needs. */
  use: number;
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;
/** As many pairs of one person as of two. */
const capacity = ({ rows, same, squares }: Fold): number => Math.min(same, (rows.length ** 2 - squares) / 2);

/**
 * Draws `pairs` pairs, half of one person each and half of two, no pair twice, in `folds` folds of as many (the first ones
 * have two more where it does not go up). No person is in two folds, so that a threshold is never tried on whom it was
 * chosen by. An odd number is one too many. `identities` [images] tells whose each picture is.
 *
 * People are dealt to the folds, those with most pictures first, each to where most is missing; people with as many
 * pictures in an order that the seed decides.
 * Errors: `benchmark/too-few-people`, `benchmark/too-many-pairs`.
 */
export function drawFolds(
  identities: Int32Array,
  asked: { readonly pairs: number; readonly folds: number; readonly seed: number },
): DrawnFolds {
  const { folds: count, seed } = asked;
  const people = [...rowsByPerson(identities).values()];
  const several = people.filter(({ length }) => length > 1).length;
  if (several < count || people.length < 2 * count) {
    throw error('benchmark/too-few-people', { folds: count, people: people.length, several });
  }
  const half = Math.max(1, Math.floor(asked.pairs / 2));
  const each = Math.ceil(half / count);
  const dealt = deal(people, count, each, seed);
  if (dealt.some((fold) => capacity(fold) < each)) {
    throw error('benchmark/too-many-pairs', {
      ...{ pairs: asked.pairs, folds: count, most: most(people, count, each, seed) },
    });
  }
  const drawn = dealt.map(({ rows }, fold) => {
    const wanted = 2 * (Math.floor(half / count) + (fold < half % count ? 1 : 0));
    const inside = drawPairs(
      Int32Array.from(rows, (row) => identities[row] ?? 0),
      wanted,
      mixSeeds(seed, 21, fold),
    );
    return { same: inside.same, pairs: inside.pairs.map((place) => rows[place] ?? 0) };
  });
  return {
    pairs: Int32Array.from(drawn.flatMap(({ pairs }) => [...pairs])),
    same: Uint8Array.from(drawn.flatMap(({ same }) => [...same])),
    folds: Int16Array.from(drawn.flatMap(({ same }, fold) => Array.from(same, () => fold))),
  };
}

function rowsByPerson(identities: Int32Array): Map<number, number[]> {
  const people = new Map<number, number[]>();
  for (const [row, identity] of identities.entries()) {
    const rows = people.get(identity);
    if (rows === undefined) people.set(identity, [row]);
    else rows.push(row);
  }
  return people;
}

function deal(people: readonly (readonly number[])[], count: number, each: number, seed: number): Fold[] {
  const folds = Array.from(
    { length: count },
    (): Fold => ({ rows: [], people: 0, same: 0, squares: 0, use: 0 }),
  );
  const random = seededRandom(mixSeeds(seed, 20));
  const order = shuffle([...people.keys()], random)
    .map((person) => people[person] ?? [])
    .sort((a, b) => b.length - a.length);
  for (const [turn, rows] of order.entries()) {
    // Two people first for every fold: the second round goes backwards, so that nobody has the most twice.
    const first = turn < count ? turn : turn < 2 * count ? 2 * count - 1 - turn : null;
    const neediest = (): Fold | undefined =>
      folds.reduce((least, fold) => (needsMore(fold, least, each) ? fold : least));
    const fold = first === null ? neediest() : folds[first];
    if (fold === undefined) continue;
    for (const row of rows) fold.rows.push(row);
    fold.people++;
    fold.same += pairsOf(rows.length);
    fold.squares += rows.length ** 2;
    fold.use += Math.min(pairsOf(rows.length), each);
  }
  for (const { rows } of folds) rows.sort((a, b) => a - b);
  return folds;
}

function needsMore(fold: Fold, than: Fold, each: number): boolean {
  const mine = Math.min(fold.use, each);
  const theirs = Math.min(than.use, each);
  return mine < theirs || (mine === theirs && fold.rows.length < than.rows.length);
}

/** How many pairs there can be: so many that dealing people for them gives them. */
function most(people: readonly (readonly number[])[], count: number, asked: number, seed: number): number {
  for (let each = asked; each > 0; ) {
    const least = Math.min(...deal(people, count, each, seed).map(capacity));
    if (least >= each) return 2 * each * count;
    each = least;
  }
  return 0;
}
