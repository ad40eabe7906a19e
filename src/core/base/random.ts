/** A seeded generator of numbers: the same seed gives the same sequence everywhere. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  /** Normal with mean 0 and variance 1 (Box and Muller 1958). */
  normal(): number;
}

/** sfc32 (Doty-Humphrey), seeded through splitmix32 so that near seeds give unlike sequences. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const splitmix = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let counter = 1;
  const next32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next32();
  const next = (): number => next32() / 0x1_0000_0000;
  return {
    next,
    int: (below) => Math.floor(next() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** One seed of several whole numbers (a run's seed, an epoch, a place …): unlike for all that differ in any of them. */
export function mixSeeds(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    // murmur3's final mix (Appleby) of each half: numbers above 2^32 count whole
    for (const half of [number >>> 0, Math.floor(number / 0x1_0000_0000) >>> 0]) {
      hash = (Math.imul(hash ^ half, 0x85ebca6b) + 0x7f4a7c15) >>> 0;
      hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) >>> 0;
      hash = (hash ^ (hash >>> 13)) >>> 0;
    }
  }
  return hash;
}

/** Brings a list into a random order, in place (Fisher and Yates). */
export function shuffle<List extends { length: number; [index: number]: number }>(
  list: List,
  random: Random,
): List {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const kept = list[i] ?? 0;
    list[i] = list[j] ?? 0;
    list[j] = kept;
  }
  return list;
}
