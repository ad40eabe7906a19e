import { assert } from '../base/assert.ts';
import { contract, initialEdges, join, mutualPairs, type Nodes } from './cluster-graph.ts';
import type { Neighbours } from './neighbours.ts';

export interface ClusterOptions {
  /** Clusters are joined while the mean similarity between their members is at least this; above −1. */
  readonly threshold: number;
  /** Per vector, the number of its confirmed identity, or −1: equal ones are joined, unequal ones never. [n] */
  readonly identities?: Int32Array;
  /** Pairs (a, b, a, b, …) of vectors that must not come together, as when a user says “not this person”. */
  readonly apart?: Int32Array;
}

/**
 * Groups unit vectors [n, size] without knowing how many groups there are: average linkage (UPGMA, Sokal and Michener
 * 1958), for which two clusters are as alike as the mean similarity of their pairs,
 *   s(A, B) = (Σ A)·(Σ B) / (|A|·|B|) for vectors of length 1: two sums and one product, however big they are.
 *
 * A mean reaches the threshold only where some pair does, and joining two clusters never brings a third one nearer
 * than the nearer of the two was. So only pairs with a neighbour of at least the threshold are ever looked at, and a
 * pair of clusters that falls below it is dropped for good. With complete neighbour lists the result is exactly that
 * of average linkage; shorter lists can only miss pairs that none of the members' lists holds.
 *
 * Each round joins all pairs of clusters that are each other's best, which gives what joining the best pair first,
 * one at a time, would give (Murtagh 1983), in a few dozen rounds. Ties go to the lower members: the same input gives
 * the same groups.
 *
 * Returns per vector the number of its cluster [n]: clusters are numbered from 0 by their lowest member.
 */
export function cluster(
  vectors: Float32Array,
  size: number,
  neighbours: Neighbours,
  options: ClusterOptions,
): Int32Array {
  assert(size > 0 && vectors.length % size === 0, `vectors of ${size} numbers`);
  const n = vectors.length / size;
  const { threshold, identities, apart } = options;
  assert(neighbours.indices.length === n * neighbours.k, `${n} lists of ${neighbours.k}`);
  assert(!identities || identities.length === n, `${n} identities`);

  const nodeOf = Int32Array.from({ length: n }, (_, i) => i);
  let nodes: Nodes = {
    sum: Float32Array.from(vectors),
    dimensions: size,
    count: new Float64Array(n).fill(1),
    identity: identities ? Int32Array.from(identities) : new Int32Array(n).fill(-1),
    barred: barriers(n, apart),
  };
  let edges = initialEdges(neighbours, n, threshold);
  let into: Int32Array = Int32Array.from(nodeOf);
  const first = new Map<number, number>();
  for (const [i, identity] of nodes.identity.entries()) {
    if (identity < 0) continue;
    into[i] = first.get(identity) ?? i;
    if (into[i] === i) first.set(identity, i);
  }
  for (;;) {
    const joined = join(nodes, into, nodeOf);
    edges = contract(edges, nodes.count.length, joined, threshold);
    nodes = joined.nodes;
    const mutual = mutualPairs(edges, nodes.count.length);
    if (!mutual) return nodeOf;
    into = mutual;
  }
}

function barriers(n: number, apart: Int32Array | undefined): Map<number, Set<number>> {
  const barred = new Map<number, Set<number>>();
  for (let i = 0; apart && i + 1 < apart.length; i += 2) {
    const a = apart[i] ?? 0;
    const b = apart[i + 1] ?? 0;
    assert(a >= 0 && b >= 0 && a < n && b < n && a !== b, `vectors ${a} and ${b} to be kept apart`);
    barred.set(a, (barred.get(a) ?? new Set()).add(b));
    barred.set(b, (barred.get(b) ?? new Set()).add(a));
  }
  return barred;
}
