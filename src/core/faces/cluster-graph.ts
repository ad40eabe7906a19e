import { assert } from '../base/assert.ts';
import type { Neighbours } from './neighbours.ts';

/** The clusters of a round, each a node. */
export interface Nodes {
  /** Sums of the members' vectors [nodes, dimensions]. */
  readonly sum: Float32Array;
  readonly dimensions: number;
  readonly count: Float64Array;
  readonly identity: Int32Array;
  /** Nodes that a node must not be joined with; kept from both sides. */
  readonly barred: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Pairs of nodes, low < high, that may be joined; each pair once (in the first round perhaps twice). */
export interface Edges {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly similarity: Float64Array;
}

export function initialEdges({ k, indices, similarities }: Neighbours, n: number, threshold: number): Edges {
  let count = 0;
  for (let e = 0; e < indices.length; e++) if ((similarities[e] ?? 0) >= threshold) count++;
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const similarity = new Float64Array(count);
  let place = 0;
  for (let i = 0; i < n; i++) {
    for (let e = i * k; e < (i + 1) * k; e++) {
      const j = indices[e] ?? -1;
      const value = similarities[e] ?? 0;
      if (j < 0 || j === i || !(value >= threshold)) continue;
      low[place] = Math.min(i, j);
      high[place] = Math.max(i, j);
      similarity[place++] = value;
    }
  }
  return place === count
    ? { low, high, similarity }
    : {
        low: low.slice(0, place),
        high: high.slice(0, place),
        similarity: similarity.slice(0, place),
      };
}

export interface Joined {
  readonly nodes: Nodes;
  /** New number of each old node. */
  readonly number: Int32Array;
  /** Per new node, 1 where several old ones became it. */
  readonly changed: Uint8Array;
}

/** Each node x joined into `into[x]`, a lower node or itself. New nodes keep the order of their lowest members. */
export function join(old: Nodes, into: Int32Array, nodeOf: Int32Array): Joined {
  const { dimensions } = old;
  const number = new Int32Array(into.length);
  let total = 0;
  for (const [x, to] of into.entries()) number[x] = to === x ? total++ : (number[to] ?? 0);
  // sums move to lower places only, so that one array serves all rounds
  const { sum } = old;
  const count = new Float64Array(total);
  const identity = new Int32Array(total).fill(-1);
  const changed = new Uint8Array(total);
  const set = new Uint8Array(total);
  for (const [x, to] of number.entries()) {
    const source = x * dimensions;
    const target = to * dimensions;
    if (set[to] === 0) {
      if (source !== target) sum.copyWithin(target, source, source + dimensions);
      set[to] = 1;
    } else {
      for (let d = 0; d < dimensions; d++) sum[target + d] = (sum[target + d] ?? 0) + (sum[source + d] ?? 0);
      changed[to] = 1;
    }
    count[to] = (count[to] ?? 0) + (old.count[x] ?? 0);
    identity[to] = Math.max(identity[to] ?? -1, old.identity[x] ?? -1);
  }
  for (let i = 0; i < nodeOf.length; i++) nodeOf[i] = number[nodeOf[i] ?? 0] ?? 0;
  const barred = new Map<number, Set<number>>();
  for (const [x, others] of old.barred) {
    const to = number[x] ?? 0;
    const all = barred.get(to) ?? new Set<number>();
    for (const other of others) all.add(number[other] ?? 0);
    barred.set(to, all);
  }
  return { nodes: { sum, dimensions, count, identity, barred }, number, changed };
}

/** The edges between new nodes, once each, with their similarities; those below the threshold or forbidden go. */
export function contract(edges: Edges, oldCount: number, joined: Joined, threshold: number): Edges {
  const { nodes, number, changed } = joined;
  assert(number.length === oldCount, 'a number for each node');
  const total = nodes.count.length;
  const length = edges.low.length;
  // sorted by the lower new node, in linear time
  const start = new Int32Array(total + 1);
  const newLow = new Int32Array(length);
  const newHigh = new Int32Array(length);
  for (let e = 0; e < length; e++) {
    const a = number[edges.low[e] ?? 0] ?? 0;
    const b = number[edges.high[e] ?? 0] ?? 0;
    newLow[e] = Math.min(a, b);
    newHigh[e] = Math.max(a, b);
    const slot = (newLow[e] ?? 0) + 1;
    start[slot] = (start[slot] ?? 0) + 1;
  }
  for (let i = 0; i < total; i++) start[i + 1] = (start[i + 1] ?? 0) + (start[i] ?? 0);
  const fill = start.slice(0, total);
  const order = new Int32Array(length);
  for (let e = 0; e < length; e++) {
    const a = newLow[e] ?? 0;
    const place = fill[a] ?? 0;
    order[place] = e;
    fill[a] = place + 1;
  }
  const low = new Int32Array(length);
  const high = new Int32Array(length);
  const similarity = new Float64Array(length);
  const seen = new Int32Array(total).fill(-1);
  let kept = 0;
  for (let p = 0; p < length; p++) {
    const e = order[p] ?? 0;
    const a = newLow[e] ?? 0;
    const b = newHigh[e] ?? 0;
    if (a === b || seen[b] === a) continue;
    seen[b] = a;
    if (forbidden(nodes, a, b)) continue;
    const value =
      changed[a] === 1 || changed[b] === 1 ? meanSimilarity(nodes, a, b) : (edges.similarity[e] ?? 0);
    if (!(value >= threshold)) continue;
    low[kept] = a;
    high[kept] = b;
    similarity[kept++] = value;
  }
  return {
    low: low.slice(0, kept),
    high: high.slice(0, kept),
    similarity: similarity.slice(0, kept),
  };
}

function forbidden({ identity, barred }: Nodes, a: number, b: number): boolean {
  const first = identity[a] ?? -1;
  const second = identity[b] ?? -1;
  return (first >= 0 && second >= 0 && first !== second) || barred.get(a)?.has(b) === true;
}

function meanSimilarity({ sum, dimensions, count }: Nodes, a: number, b: number): number {
  const i = a * dimensions;
  const j = b * dimensions;
  let even = 0;
  let odd = 0;
  let d = 0;
  for (; d + 1 < dimensions; d += 2) {
    even += (sum[i + d] ?? 0) * (sum[j + d] ?? 0);
    odd += (sum[i + d + 1] ?? 0) * (sum[j + d + 1] ?? 0);
  }
  if (d < dimensions) even += (sum[i + d] ?? 0) * (sum[j + d] ?? 0);
  return (even + odd) / ((count[a] ?? 1) * (count[b] ?? 1));
}

/**
 * What each node is to be joined into: its partner where two nodes are each other's best, itself otherwise. Null where
 * there are no such pairs. Edges are ordered by similarity, then by lower node, then by higher node, so that the best
 * edge of all is always mutual.
 */
export function mutualPairs({ low, high, similarity }: Edges, total: number): Int32Array | null {
  if (low.length === 0) return null;
  const best = new Int32Array(total).fill(-1);
  const better = (e: number, than: number): boolean => {
    if (than < 0) return true;
    const difference = (similarity[e] ?? 0) - (similarity[than] ?? 0);
    if (difference !== 0) return difference > 0;
    return low[e] !== low[than] ? (low[e] ?? 0) < (low[than] ?? 0) : (high[e] ?? 0) < (high[than] ?? 0);
  };
  for (let e = 0; e < low.length; e++) {
    const a = low[e] ?? 0;
    const b = high[e] ?? 0;
    if (better(e, best[a] ?? -1)) best[a] = e;
    if (better(e, best[b] ?? -1)) best[b] = e;
  }
  const into = Int32Array.from({ length: total }, (_, i) => i);
  for (let node = 0; node < total; node++) {
    const e = best[node] ?? -1;
    if (e >= 0 && low[e] === node && best[high[e] ?? 0] === e) into[high[e] ?? 0] = node;
  }
  return into;
}
