import { assert } from '../base/assert.ts';
import { error } from '../base/errors.ts';
import { mixSeeds, seededRandom, shuffle } from '../base/random.ts';

export interface SplitOptions {
  /** Identities with fewer pictures are left out. */
  readonly minImagesPerIdentity: number;
  readonly holdOut: { readonly by: 'identities' | 'images' | 'none'; readonly share: number };
  readonly seed: number;
}

/** What is trained on, what is kept to verify on, and what is left out. */
export interface Split {
  /** Pictures to train on, as rows of what was split, ascending. */
  readonly train: Int32Array;
  /** [train]: their classes, 0..identityOf.length − 1. */
  readonly classes: Int32Array;
  /** [classes]: the identity of each class. Classes are numbered by chance, so that the first few are a fair sample. */
  readonly identityOf: Int32Array;
  /** Pictures held out, as rows of what was split, ascending. */
  readonly heldOut: Int32Array;
  /** [heldOut]: their identities. */
  readonly heldOutIdentities: Int32Array;
  /** Left out for having too few pictures. */
  readonly lowShot: { readonly identities: number; readonly images: number };
}

/**
 * Splits a dataset version. `identities` [images] tells whose each picture is: 0, 1, …, in any order, with gaps if need be.
 *
 * By identities: of those with two pictures and more, as many as are the share of all, at least 2; two or more are
 * left to train on, and where there are too few for both, none is held out.
 * By images: the share of each identity's pictures; since one picture makes no pair, identities take turns at giving
 * two or more until the share is reached, at least one of each stays, and at least two identities give where they can.
 *
 * The same seed and identities give the same split. Throws training/too-few-identities where fewer than 2 are left to
 * train on.
 */
export function split(identities: Int32Array, options: SplitOptions): Split {
  const { minImagesPerIdentity: minimum, holdOut, seed } = options;
  assert(holdOut.share >= 0 && holdOut.share < 1, `a share of ${holdOut.share}`);
  const counts = countsOf(identities);
  const present = [...counts.keys()].filter((identity) => (counts[identity] ?? 0) > 0);
  const eligible = present.filter((identity) => (counts[identity] ?? 0) >= minimum);
  const order = shuffle([...eligible], seededRandom(mixSeeds(seed, 1)));
  /** Of each identity, how many pictures are held out. */
  const held =
    holdOut.by === 'none' || holdOut.share === 0
      ? new Int32Array(counts.length)
      : holdOut.by === 'identities'
        ? heldIdentities(counts, order, holdOut.share)
        : heldImages(counts, order, holdOut.share);

  const trained = eligible.filter((identity) => (counts[identity] ?? 0) > (held[identity] ?? 0));
  if (trained.length < 2) {
    throw error('training/too-few-identities', {
      identities: trained.length,
      minimum,
      lowShot: present.length - eligible.length,
      heldOut: eligible.length - trained.length,
    });
  }
  const identityOf = shuffle(Int32Array.from(trained), seededRandom(mixSeeds(seed, 2)));
  const classOf = new Int32Array(counts.length).fill(-1);
  for (const [number, identity] of identityOf.entries()) classOf[identity] = number;

  const isHeld = chooseImages(identities, counts, held, seed);
  const isEligible = new Uint8Array(counts.length);
  for (const identity of eligible) isEligible[identity] = 1;
  const train: number[] = [];
  const heldOut: number[] = [];
  for (const [row, identity] of identities.entries()) {
    if (isEligible[identity] !== 1) continue;
    if (isHeld[row] === 1) heldOut.push(row);
    else train.push(row);
  }
  return {
    train: Int32Array.from(train),
    classes: Int32Array.from(train, (row) => classOf[identities[row] ?? 0] ?? -1),
    identityOf,
    heldOut: Int32Array.from(heldOut),
    heldOutIdentities: Int32Array.from(heldOut, (row) => identities[row] ?? -1),
    lowShot: {
      identities: present.length - eligible.length,
      images: identities.length - train.length - heldOut.length,
    },
  };
}

/** Of each identity, how many pictures there are. */
export function countsOf(identities: Int32Array): Int32Array {
  let most = -1;
  for (const identity of identities) {
    assert(identity >= 0, `identity ${identity}`);
    if (identity > most) most = identity;
  }
  const counts = new Int32Array(most + 1);
  for (const identity of identities) counts[identity] = (counts[identity] ?? 0) + 1;
  return counts;
}

function heldIdentities(counts: Int32Array, order: readonly number[], share: number): Int32Array {
  const held = new Int32Array(counts.length);
  const candidates = order.filter((identity) => (counts[identity] ?? 0) >= 2);
  const wanted = Math.max(2, Math.round(share * order.length));
  const taken = Math.min(wanted, candidates.length, order.length - 2);
  if (taken < 2) return held; // one person alone gives no pair of two people
  for (const identity of candidates.slice(0, taken)) held[identity] = counts[identity] ?? 0;
  return held;
}

function heldImages(counts: Int32Array, order: readonly number[], share: number): Int32Array {
  const held = new Int32Array(counts.length);
  let owed = 0;
  let givers = 0;
  for (const identity of order) {
    const count = counts[identity] ?? 0;
    owed += share * count;
    const taken = Math.min(Math.floor(owed), count - 1, Math.max(2, Math.ceil(share * count)));
    if (taken < 2) continue;
    held[identity] = taken;
    owed -= taken;
    givers++;
  }
  for (const identity of order) {
    if (givers >= 2) break;
    if ((held[identity] ?? 0) > 0 || (counts[identity] ?? 0) < 3) continue;
    held[identity] = 2;
    givers++;
  }
  return held;
}

/** [images]: 1 for `held` pictures of each identity, drawn by chance. */
function chooseImages(
  identities: Int32Array,
  counts: Int32Array,
  held: Int32Array,
  seed: number,
): Uint8Array {
  const random = seededRandom(mixSeeds(seed, 3));
  const chosen = new Uint8Array(identities.length);
  const left = counts.slice();
  const wanted = held.slice();
  for (const [row, identity] of identities.entries()) {
    const remaining = left[identity] ?? 0;
    const open = wanted[identity] ?? 0;
    left[identity] = remaining - 1;
    // Knuth's algorithm S: each picture is taken with the probability that fills what is still wanted
    if (open === 0 || random.int(remaining) >= open) continue;
    chosen[row] = 1;
    wanted[identity] = open - 1;
  }
  return chosen;
}
