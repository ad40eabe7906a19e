import { error } from '../base/errors.ts';
import { mixSeeds, type Random, seededRandom, shuffle } from '../base/random.ts';
import { type Members, membersOf } from './members.ts';
import type { EpochOrder } from './sampler.ts';

/** So many identities with so many pictures of each make a batch. */
export interface IdentityBatch {
  readonly identities: number;
  readonly pictures: number;
}

/**
 * P × K (Hermans et al. 2017): every batch has P identities, no two the same, and K pictures of each, one after the other.
 * Identities come round by round, all of them in each, so that all come as often. Within an epoch all pictures of an
 * identity come before one comes again, but where it has fewer than K of them.
 * Throws `recipe/too-few-identities` where there are fewer than P.
 */
export function identitiesOrder({ identities, pictures }: IdentityBatch): EpochOrder {
  return ({ epoch, seed, classes }, needed) => {
    const members = membersOf(classes);
    const there = members.present.length;
    if (there < identities)
      throw error('recipe/too-few-identities', { identities: there, wanted: identities });
    const random = seededRandom(mixSeeds(seed, 23, epoch));
    const [nextGroup, nextPicture] = [groups(members, identities, random), decks(members, random)];
    const order = new Int32Array(Math.ceil(needed / (identities * pictures)) * identities * pictures);
    for (let at = 0; at < order.length; ) {
      for (const identity of nextGroup())
        for (let k = 0; k < pictures; k++) order[at++] = nextPicture(identity);
    }
    return order;
  };
}

/** The next identities: rounds of all in new orders; who is in a group already waits for the next one. */
function groups({ present }: Members, size: number, random: Random): () => readonly number[] {
  let queue: number[] = [];
  return () => {
    const group = new Set<number>();
    const waiting: number[] = [];
    while (group.size < size) {
      if (queue.length === 0) queue = shuffle([...present], random);
      const identity = queue.pop() ?? 0;
      if (group.has(identity)) waiting.push(identity);
      else group.add(identity);
    }
    queue.push(...waiting);
    return [...group];
  };
}

/** The next picture of an identity: all of them in a random order, then again in another. */
function decks(members: Members, random: Random): (identity: number) => number {
  const left = new Map<number, Int32Array>();
  return (identity) => {
    let deck = left.get(identity) ?? new Int32Array();
    if (deck.length === 0) {
      deck = new Int32Array(members.count(identity)).map((_, i) => members.picture(identity, i));
      shuffle(deck, random);
    }
    left.set(identity, deck.subarray(1));
    return deck[0] ?? 0;
  };
}
