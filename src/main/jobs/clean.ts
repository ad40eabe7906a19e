import { assert } from '../../core/base/assert.ts';
import { Cancelled } from '../../core/base/errors.ts';
import { mixSeeds, seededRandom } from '../../core/base/random.ts';
import { type ClassCentres, classCentres } from '../../core/training/class-centres.ts';
import { classPairs, type NearCentres } from '../../core/training/class-pairs.ts';
import { fitNoise, usualLimits } from '../../core/training/label-noise.ts';
import { membersOf } from '../../core/training/members.ts';
import { openSimilarity, type SimilarityEngine } from '../engine/similarity.ts';
import type { Job, JobContext } from './job.ts';
import { loadVectors } from './load-vectors.ts';

export interface CleanSetup {
  /** File of the model's embeddings. */
  readonly file: string;
  readonly width: number;
  /** Of each picture, the row of its embedding. [n] */
  readonly rows: Int32Array;
  /** Of each picture, its class: 0 and on, each with a picture. [n] */
  readonly labels: Int32Array;
  readonly threads: number;
}

export interface CleanHost {
  save(result: {
    /** To the own class without the picture; NaN where it is alone there. [n] */
    readonly own: Float32Array;
    /** To the nearest other class, and which one: NaN and −1 where there is no other. [n] */
    readonly next: Float32Array;
    readonly nearest: Int32Array;
    /** To another class drawn by chance. [n] */
    readonly stranger: Float32Array;
    /** Classes that may be one, two and two; and how like each other they are. [2·m], [m] */
    readonly pairs: Int32Array;
    readonly similarities: Float32Array;
  }): Promise<void>;
}

/** Pictures compared with all centres in one product. */
const block = 256;
/** Centres near each that are looked at for being the same person's. */
const nearPairs = 8;
const mostPairs = 5000;
const seed = 1;

/** The `k` centres nearest to each of the queries [q, width], blocks at a time. [q, k] */
async function nearestCentres(
  engine: SimilarityEngine,
  queries: Float32Array,
  { vectors, width }: ClassCentres,
  k: number,
  each: (done: number) => void,
): Promise<{ readonly classes: Int32Array; readonly scores: Float32Array }> {
  const n = queries.length / width;
  const classes = new Int32Array(n * k);
  const scores = new Float32Array(n * k);
  for (let start = 0; start < n; start += block) {
    const count = Math.min(block, n - start);
    const found = await engine.nearest(queries.subarray(start * width, (start + count) * width), vectors, k);
    classes.set(Int32Array.from(found.rows, Number), start * k);
    scores.set(found.scores, start * k);
    each(start + count);
    // Lets messages in between two products.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return { classes, scores };
}

/** Each picture and the nearest class that is not its own. */
async function nextClasses(
  engine: SimilarityEngine,
  vectors: Float32Array,
  labels: Int32Array,
  centres: ClassCentres,
  context: JobContext,
): Promise<{ readonly next: Float32Array; readonly nearest: Int32Array }> {
  const n = labels.length;
  const k = Math.min(2, centres.vectors.length / centres.width);
  const { classes, scores } = await nearestCentres(engine, vectors, centres, k, (done) => {
    if (context.signal.aborted) throw new Cancelled();
    context.progress(done, n);
  });
  const next = new Float32Array(n).fill(Number.NaN);
  const nearest = new Int32Array(n).fill(-1);
  for (const [picture, label] of labels.entries()) {
    const at = picture * k + (classes[picture * k] === label ? 1 : 0);
    if (at >= (picture + 1) * k) continue;
    next[picture] = scores[at] ?? 0;
    nearest[picture] = classes[at] ?? -1;
  }
  return { next, nearest };
}

/** Each picture and another class, drawn evenly. */
function strangers(vectors: Float32Array, labels: Int32Array, { vectors: centres, width }: ClassCentres) {
  const others = centres.length / width - 1;
  const random = seededRandom(mixSeeds(seed, labels.length));
  return Float32Array.from(labels, (label, picture) => {
    if (others < 1) return Number.NaN;
    const other = (label + 1 + random.int(others)) % (others + 1);
    let sum = 0;
    for (let d = 0; d < width; d++)
      sum += (vectors[picture * width + d] ?? 0) * (centres[other * width + d] ?? 0);
    return sum;
  });
}

/** Compares each picture with its class and the others. Summary: `pictures`, `people`. */
export const cleanJob: Job<CleanSetup, CleanHost> = async (setup, host, context) => {
  const { labels, width, rows } = setup;
  assert(rows.length === labels.length, 'a class for each picture');
  const vectors = await loadVectors(setup);
  const members = membersOf(labels);
  const classes = members.present.length;
  assert(members.present.at(-1) === classes - 1, 'classes without gaps');
  const centres = classCentres(vectors, width, members, classes);
  const engine = await openSimilarity(width, setup.threads);
  try {
    const { next, nearest } = await nextClasses(engine, vectors, labels, centres, context);
    const stranger = strangers(vectors, labels, centres);
    const k = Math.min(nearPairs + 1, classes); // a centre is its own nearest
    const near: NearCentres = {
      k,
      classes: (await nearestCentres(engine, centres.vectors, centres, k, () => {})).classes,
    };
    const model = fitNoise({ own: centres.own, next, stranger });
    const limits = usualLimits(model);
    // Some below the usual limit too: it may be moved.
    const least = Math.min(model.next.mean, limits.mergeAbove);
    const found = classPairs(vectors, labels, centres, near, least).slice(0, mostPairs);
    await host.save({
      ...{ own: centres.own, next, nearest, stranger },
      pairs: Int32Array.from(found.flatMap(({ a, b }) => [a, b])),
      similarities: Float32Array.from(found, ({ similarity }) => similarity),
    });
    return { pictures: labels.length, people: classes };
  } finally {
    await engine.close();
  }
};
