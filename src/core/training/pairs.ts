import { mixSeeds, type Random, seededRandom, shuffle } from '../base/random.ts';

/** Pairs of pictures to verify on. */
export interface Pairs {
  /** [pairs, 2]: rows of the pictures that they were drawn from, the smaller first. */
  readonly pairs: Int32Array;
  /** [pairs]: 1 where both are one person. Alternates, beginning with 1: any stretch of even length is balanced. */
  readonly same: Uint8Array;
}

/**
 * Draws `asked` pairs, half of one person each and half of two, no pair twice; fewer, still half and half, where there
 * are not as many. `identities` [images] tells whose each picture is.
 *
 * As in LFW it is people who are drawn, then their pictures: pairs of one person go round all people with two pictures,
 * and pairs of two take any two people, so that those with many pictures do not decide alone.
 */
export function drawPairs(identities: Int32Array, asked: number, seed: number): Pairs {
  const people = new Map<number, number[]>();
  for (const [row, identity] of identities.entries()) {
    const rows = people.get(identity);
    if (rows === undefined) people.set(identity, [row]);
    else rows.push(row);
  }
  const groups = [...people.values()];
  const all = pairsOf(identities.length);
  const ofOne = groups.reduce((sum, { length }) => sum + pairsOf(length), 0);
  const each = Math.min(Math.floor(asked / 2), ofOne, all - ofOne);
  const one = pairsOfOne(groups, each, seededRandom(mixSeeds(seed, 11)));
  const two = pairsOfTwo(groups, identities, each, seededRandom(mixSeeds(seed, 12)));

  const pairs = new Int32Array(each * 4);
  const same = new Uint8Array(each * 2);
  for (let i = 0; i < each; i++) {
    same[2 * i] = 1;
    pairs.set(one[i] ?? [], 4 * i);
    pairs.set(two[i] ?? [], 4 * i + 2);
  }
  return { pairs, same };
}

type Pair = readonly [number, number];

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}

function pairsOfOne(groups: readonly (readonly number[])[], count: number, random: Random): Pair[] {
  const several = groups.filter(({ length }) => length >= 2);
  const order = shuffle([...several.keys()], random);
  const draws = several.map(({ length }) => drawOnce(pairsOf(length), random));
  const found: Pair[] = [];
  while (found.length < count) {
    for (const group of order) {
      if (found.length === count) break;
      const number = draws[group]?.() ?? null;
      const rows = several[group];
      if (number === null || rows === undefined) continue;
      const [a, b] = unrank(number);
      found.push([rows[a] ?? 0, rows[b] ?? 0]);
    }
  }
  return found;
}

function pairsOfTwo(
  groups: readonly (readonly number[])[],
  identities: Int32Array,
  count: number,
  random: Random,
): Pair[] {
  const found: Pair[] = [];
  const known = new Set<number>();
  const take = (one: number, other: number): void => {
    const a = Math.min(one, other);
    const b = Math.max(one, other);
    const code = a * identities.length + b;
    if (known.has(code)) return;
    known.add(code);
    found.push([a, b]);
  };
  const pick = (rows: readonly number[] | undefined): number => rows?.[random.int(rows.length)] ?? 0;
  for (let tries = 0; found.length < count && tries < 20 * count; tries++) {
    const first = random.int(groups.length);
    const second = (first + 1 + random.int(groups.length - 1)) % groups.length;
    take(pick(groups[first]), pick(groups[second]));
  }
  // almost all that there are: what is missing is taken in order
  for (let b = 1; found.length < count && b < identities.length; b++) {
    for (let a = 0; found.length < count && a < b; a++) {
      if (identities[a] !== identities[b]) take(a, b);
    }
  }
  return shuffle([...found.keys()], random).map((i) => found[i] ?? [0, 0]);
}

/** Numbers below `total` in a random order, each once, then null; memory for what was drawn only. */
function drawOnce(total: number, random: Random): () => number | null {
  const moved = new Map<number, number>();
  let left = total;
  return () => {
    if (left === 0) return null;
    const place = random.int(left--);
    const number = moved.get(place) ?? place;
    moved.set(place, moved.get(left) ?? left);
    moved.delete(left);
    return number;
  };
}

/** The pair a < b with that number, where pairs are counted 01, 02, 12, 03, 13, 23 … */
function unrank(number: number): Pair {
  let b = Math.floor((1 + Math.sqrt(1 + 8 * number)) / 2);
  while (pairsOf(b) > number) b--;
  while (pairsOf(b + 1) <= number) b++;
  return [number - pairsOf(b), b];
}
