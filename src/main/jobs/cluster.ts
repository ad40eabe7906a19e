import { assert } from '../../core/base/assert.ts';
import { cluster } from '../../core/faces/cluster.ts';
import type { Neighbours } from '../../core/faces/neighbours.ts';
import type { Job } from './job.ts';
import { loadVectors } from './load-vectors.ts';
import { nearestOthers } from './nearest-others.ts';

export interface ClusterSetup {
  /** File of the model's embeddings. */
  readonly file: string;
  readonly width: number;
  /** Per face: the row of its embedding. [n] */
  readonly rows: Int32Array;
  /** Per face: the person that a user gave it to, or −1: such faces are bound together. [n] */
  readonly confirmed: Int32Array;
  /** Per face: the person whose name it bears for whatever reason, or −1. [n] */
  readonly named: Int32Array;
  /** Face and person in turn that are not the same, faces by their place. [2·m] */
  readonly dismissed: Int32Array;
  readonly threshold: number;
  readonly threads: number;
}

export interface ClusterHost {
  save(result: {
    /** Per face: the number of its cluster. [n] */
    readonly clusters: Int32Array;
    /** Unnamed faces that look like a person: the faces' places, people, and similarities. */
    readonly suggested: {
      readonly faces: Int32Array;
      readonly people: Int32Array;
      readonly similarities: Float32Array;
    };
  }): Promise<void>;
}

/** Neighbours of each face that clustering and suggestions look at. */
const mostNeighbours = 64;
/** Pairs of faces to keep apart: a dismissed face, and one face of the person that it is not. */
function apartPairs(setup: ClusterSetup): Int32Array {
  const first = new Map<number, number>();
  for (const [face, person] of setup.confirmed.entries()) {
    if (person >= 0 && !first.has(person)) first.set(person, face);
  }
  const pairs: number[] = [];
  for (let i = 0; i < setup.dismissed.length; i += 2) {
    const face = setup.dismissed[i];
    const other = first.get(setup.dismissed[i + 1] ?? -1);
    if (face !== undefined && other !== undefined && face !== other) pairs.push(face, other);
  }
  return Int32Array.from(pairs);
}

/** For each unnamed face the named face that it is most like, where that is enough to ask. */
function suggest(setup: ClusterSetup, { k, indices, similarities }: Neighbours) {
  const no = new Set<string>();
  for (let i = 0; i < setup.dismissed.length; i += 2)
    no.add(`${setup.dismissed[i]} ${setup.dismissed[i + 1]}`);
  const faces: number[] = [];
  const people: number[] = [];
  const scores: number[] = [];
  for (let face = 0; face < setup.named.length; face++) {
    if ((setup.named[face] ?? -1) >= 0) continue;
    for (let j = face * k; j < (face + 1) * k; j++) {
      const similarity = similarities[j] ?? 0;
      if (similarity < setup.threshold) break;
      const person = setup.named[indices[j] ?? -1] ?? -1;
      if (person < 0 || no.has(`${face} ${person}`)) continue;
      faces.push(face);
      people.push(person);
      scores.push(similarity);
      break;
    }
  }
  return {
    faces: Int32Array.from(faces),
    people: Int32Array.from(people),
    similarities: Float32Array.from(scores),
  };
}

/** Clusters faces by person. Summary: `faces`, `clusters`, `singles`, `suggestions`. */
export const clusterJob: Job<ClusterSetup, ClusterHost> = async (setup, host, context) => {
  const n = setup.rows.length;
  assert(setup.confirmed.length === n && setup.named.length === n, 'a person or none for each face');
  const vectors = await loadVectors(setup);
  const k = Math.max(0, Math.min(mostNeighbours, setup.rows.length - 1));
  const neighbours = await nearestOthers({ vectors, width: setup.width, k }, setup.threads, context);
  const clusters = cluster(vectors, setup.width, neighbours, {
    threshold: setup.threshold,
    identities: setup.confirmed,
    apart: apartPairs(setup),
  });
  const suggested = suggest(setup, neighbours);
  await host.save({ clusters, suggested });
  const sizes = new Map<number, number>();
  for (const number of clusters) sizes.set(number, (sizes.get(number) ?? 0) + 1);
  const singles = [...sizes.values()].filter((size) => size === 1).length;
  return { faces: n, clusters: sizes.size - singles, singles, suggestions: suggested.faces.length };
};
