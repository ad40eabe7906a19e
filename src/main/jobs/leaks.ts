import { assert } from '../../core/base/assert.ts';
import { Cancelled } from '../../core/base/errors.ts';
import { alike } from '../../core/benchmarks/alike.ts';
import { strangerLimit } from '../../core/benchmarks/stranger-limit.ts';
import { openPackReader, type PackLocation, type PackReader } from '../datasets/pack.ts';
import { openSimilarity, type SimilarityEngine } from '../engine/similarity.ts';
import { decodeCrop } from '../images/encode.ts';
import { configureImages } from '../images/setup.ts';
import type { Job, JobContext } from './job.ts';
import { loadVectors, type VectorRows } from './load-vectors.ts';

/** Pictures of one side with their embeddings, and whose they are. */
export interface LeakSide {
  /** Of each picture, the row of its embedding. [n] */
  readonly rows: Int32Array;
  /** Of each picture, its person: 0 and on, ascending. [n] */
  readonly people: Int32Array;
}

export interface LeaksSetup extends Pick<VectorRows, 'file' | 'width'> {
  readonly benchmark: LeakSide;
  readonly version: LeakSide;
  /** Similarity of embeddings from which on two crops may be one picture, and how alike they must be to the eye then. */
  readonly nearLimit: number;
  readonly alikeLimit: number;
  /** Pictures of two sides that are looked at; of others what is told is the embeddings'. */
  readonly packsDir: string;
  readonly threads: number;
}

export interface LeaksHost {
  /** Where crops lie: of the benchmark's pictures, of the version's. */
  places(wanted: {
    readonly benchmark: readonly number[];
    readonly version: readonly number[];
  }): Promise<{ readonly benchmark: readonly PackLocation[]; readonly version: readonly PackLocation[] }>;
  save(found: {
    /** The version's picture that is most like each of the benchmark's, and how like. [n] */
    readonly nearest: Int32Array;
    readonly similarity: Float32Array;
    /** 1 where both are one picture. [n] */
    readonly picture: Uint8Array;
    /**
     * Of each person of the benchmark, the version's person that is most like, and how like: the mean similarity of the
     * person's pictures to the middle of the other's. [people]
     */
    readonly nearestPerson: Int32Array;
    readonly personSimilarity: Float32Array;
    /** Above this a person is not like another by chance, with so many compared; −1 where there are too few to tell. */
    readonly chanceLimit: number;
  }): Promise<void>;
}

/** Pictures of the benchmark held at a time (whole people), of the version, and compared in one product. */
const held = 16_384;
const stretch = 8192;
const block = 256;
/** Pictures near each that are looked at. */
const near = 4;

/** Embeddings in a stretch of a side. */
const rowsOf = (setup: LeaksSetup, side: LeakSide, from: number, to: number): Promise<Float32Array> =>
  loadVectors({ file: setup.file, width: setup.width, rows: side.rows.slice(from, to) });

const peopleIn = ({ people }: LeakSide): number => (people.at(-1) ?? -1) + 1;

/**
 * Means of the embeddings of people `first` and on, [count, width]: their product with a unit vector is the mean similarity
 * of a person's pictures to it. Unit vectors would be nearer to everybody the less alike a person's pictures are.
 */
function meansOf(vectors: Float32Array, width: number, people: Int32Array, first: number, count: number) {
  const means = new Float32Array(count * width);
  const pictures = new Int32Array(count);
  for (const person of people) pictures[person - first] = (pictures[person - first] ?? 0) + 1;
  addTo(means, vectors, width, people, first);
  return means.map((sum, i) => sum / (pictures[Math.floor(i / width)] ?? 1));
}

function addTo(
  sums: Float32Array,
  vectors: Float32Array,
  width: number,
  people: Int32Array,
  first: number,
): void {
  for (const [i, person] of people.entries()) {
    const to = (person - first) * width;
    for (let d = 0; d < width; d++) sums[to + d] = (sums[to + d] ?? 0) + (vectors[i * width + d] ?? 0);
  }
}

function normalise(vectors: Float32Array, width: number): Float32Array {
  for (let start = 0; start < vectors.length; start += width) {
    const row = vectors.subarray(start, start + width);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let d = 0; d < width; d++) row[d] = (row[d] ?? 0) / length;
  }
  return vectors;
}

/** The best few of each query, gathered from stretch after stretch. */
interface Best {
  readonly index: Int32Array;
  readonly score: Float32Array;
}

const noBest = (n: number, k: number): Best => ({
  index: new Int32Array(n * k).fill(-1),
  score: new Float32Array(n * k).fill(-2),
});

function keep(best: Best, k: number, query: number, index: number, score: number): void {
  const start = query * k;
  let place = start + k - 1;
  if (score <= (best.score[place] ?? 0)) return;
  for (; place > start && (best.score[place - 1] ?? 0) < score; place--) {
    best.score[place] = best.score[place - 1] ?? 0;
    best.index[place] = best.index[place - 1] ?? 0;
  }
  best.score[place] = score;
  best.index[place] = index;
}

/** Compares queries [q, width] with rows [n, width], which are number `first` and on, a block at a time. */
async function compare(
  engine: SimilarityEngine,
  width: number,
  queries: Float32Array,
  rows: Float32Array,
  first: number,
  best: Best,
  k: number,
  context: JobContext,
): Promise<void> {
  const q = queries.length / width;
  const most = Math.min(k, rows.length / width);
  if (most === 0) return;
  for (let start = 0; start < q; start += block) {
    if (context.signal.aborted) throw new Cancelled();
    const found = await engine.nearest(queries.subarray(start * width, (start + block) * width), rows, most);
    for (const [i, score] of found.scores.entries()) {
      keep(best, k, start + Math.floor(i / most), first + Number(found.rows[i] ?? 0), score);
    }
    // Lets messages in between two products.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Whole people, as many as are held at a time: [from, to) of the pictures. */
function* portions({ people }: LeakSide): Generator<readonly [number, number]> {
  let from = 0;
  for (let at = 1; at <= people.length; at++) {
    const full = at === people.length || (at - from >= held && people[at] !== people[at - 1]);
    if (!full) continue;
    yield [from, at];
    from = at;
  }
}

/** People of either side that are compared to learn how like strangers are. */
const drawn = 400;

/** Similarities of some people of the benchmark to some of the version, without each one's highest: that may be they. */
async function strangersOf(
  engine: SimilarityEngine,
  width: number,
  means: Float32Array,
  others: Float32Array,
): Promise<Float32Array> {
  const some = (all: Float32Array): Float32Array => {
    const n = all.length / width;
    const count = Math.min(n, drawn);
    const picked = new Float32Array(count * width);
    for (let i = 0; i < count; i++) {
      const from = Math.floor((i * n) / count) * width;
      picked.set(all.subarray(from, from + width), i * width);
    }
    return picked;
  };
  const [one, other] = [some(means), some(others)];
  const columns = other.length / width;
  if (columns < 2) return new Float32Array();
  const scores = await engine.scores(one, other);
  const strangers: number[] = [];
  for (let start = 0; start < scores.length; start += columns) {
    const row = scores.subarray(start, start + columns);
    const highest = row.indexOf(row.reduce((most, score) => Math.max(most, score)));
    for (const [i, score] of row.entries()) if (i !== highest) strangers.push(score);
  }
  return Float32Array.from(strangers);
}

/** Looks which of the pictures near each are the same to the eye. [n] */
async function samePictures(
  setup: LeaksSetup,
  host: LeaksHost,
  best: Best,
  from: number,
  crops: PackReader,
  context: JobContext,
): Promise<Uint8Array> {
  const same = new Uint8Array(best.index.length / near);
  const look = async (image: number): Promise<void> => {
    const indices = [...best.index.subarray(image * near, (image + 1) * near)];
    const likely = indices.filter(
      (index, i) => index >= 0 && (best.score[image * near + i] ?? 0) >= setup.nearLimit,
    );
    if (likely.length === 0) return;
    const places = await host.places({ benchmark: [from + image], version: likely });
    const [mine] = places.benchmark;
    if (mine === undefined) return;
    const crop = await decodeCrop(await crops.read(mine));
    for (const [i, place] of places.version.entries()) {
      if (alike(crop, await decodeCrop(await crops.read(place))) < setup.alikeLimit) continue;
      same[image] = 1;
      // The one that is the same is told of.
      const index = likely[i] ?? -1;
      const score = best.score[image * near + indices.indexOf(index)] ?? 0;
      best.index[image * near] = index;
      best.score[image * near] = score;
      return;
    }
  };
  for (let image = 0; image < same.length; image++) {
    if (context.signal.aborted) throw new Cancelled();
    await look(image);
  }
  return same;
}

/** Compares a benchmark with a version, pictures and people. Memory is bounded however many there are. Summary: `pictures`. */
export const leaksJob: Job<LeaksSetup, LeaksHost> = async (setup, host, context) => {
  configureImages();
  const { benchmark, version, width } = setup;
  for (const { rows, people } of [benchmark, version])
    assert(rows.length === people.length, 'a person for each picture');
  const n = benchmark.rows.length;
  const m = version.rows.length;
  const result = {
    nearest: new Int32Array(n).fill(-1),
    similarity: new Float32Array(n).fill(-1),
    picture: new Uint8Array(n),
    nearestPerson: new Int32Array(peopleIn(benchmark)).fill(-1),
    personSimilarity: new Float32Array(peopleIn(benchmark)).fill(-1),
    chanceLimit: -1,
  };
  const crops = openPackReader(setup.packsDir, 'crops');
  const engine = await openSimilarity(width, setup.threads);
  try {
    const sums = new Float32Array(peopleIn(version) * width);
    let first = true;
    for (const [from, to] of portions(benchmark)) {
      const queries = await rowsOf(setup, benchmark, from, to);
      const best = noBest(to - from, near);
      for (let start = 0; start < m; start += stretch) {
        const end = Math.min(m, start + stretch);
        const rows = await rowsOf(setup, version, start, end);
        if (first) addTo(sums, rows, width, version.people.subarray(start, end), 0);
        await compare(engine, width, queries, rows, start, best, near, context);
        context.progress(Math.round(from + ((to - from) * end) / m), n);
      }
      if (first) normalise(sums, width);
      const one = benchmark.people[from] ?? 0;
      const count = (benchmark.people[to - 1] ?? 0) - one + 1;
      const means = meansOf(queries, width, benchmark.people.subarray(from, to), one, count);
      const people = noBest(count, 1);
      for (let start = 0; start * width < sums.length; start += stretch) {
        const rows = sums.subarray(start * width, (start + stretch) * width);
        await compare(engine, width, means, rows, start, people, 1, context);
      }
      if (first) {
        const strangers = await strangersOf(engine, width, means, sums);
        result.chanceLimit = strangerLimit(strangers, peopleIn(benchmark) * peopleIn(version));
      }
      first = false;
      result.nearestPerson.set(people.index, one);
      result.personSimilarity.set(people.score, one);
      result.picture.set(await samePictures(setup, host, best, from, crops, context), from);
      for (let i = 0; i < to - from; i++) {
        result.nearest[from + i] = best.index[i * near] ?? -1;
        result.similarity[from + i] = best.score[i * near] ?? -1;
      }
    }
    await host.save(result);
  } finally {
    await engine.close();
    await crops.close();
  }
  return { pictures: n };
};
