import { open } from 'node:fs/promises';
import { assert } from '../../core/base/assert.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import type { Inspection } from '../../core/contract/models.ts';
import { topK } from '../../core/faces/top-k.ts';
import type { RecognisedBenchmark } from '../benchmarks/reading.ts';
import { recogniseBenchmark } from '../benchmarks/recognise.ts';
import { archiveAt, unpackArchive } from '../benchmarks/unpack.ts';
import { readRows } from '../datasets/vectors.ts';
import type { Provider } from '../engine/providers.ts';
import { openSimilarity, type SimilarityEngine } from '../engine/similarity.ts';
import { decodeImage } from '../images/decode.ts';
import { decodeCrop } from '../images/encode.ts';
import { configureImages } from '../images/setup.ts';
import { openDetector } from '../models/detector.ts';
import { type Embedder, openEmbedder } from '../models/embedder.ts';
import { type ImportOptions, importModel } from '../models/import.ts';
import { inspectModel } from '../models/inspect.ts';
import { openLandmarks } from '../models/landmarks.ts';
import { findFaces } from '../models/pipeline.ts';
import { type AlignSetup, alignSide, cropToSave, type FaceToSave, type ModelPlace } from './align.ts';

export interface RecogniserSetup extends Pick<AlignSetup, 'detector' | 'landmarks' | 'threads'> {
  readonly provider: Provider;
}

/** What the application asks while a user waits: faces in one picture, embeddings of a few crops, a search. */
export interface RecogniserMethods {
  find(input: {
    readonly picture: string | Uint8Array;
    readonly name: string;
  }): Promise<{ readonly width: number; readonly height: number; readonly faces: readonly FaceToSave[] }>;
  /** [crops, size] */
  embed(input: {
    readonly model: ModelPlace<EmbeddingCard>;
    readonly crops: readonly Uint8Array[];
  }): Promise<Float32Array>;
  search(input: {
    readonly file: string;
    readonly width: number;
    /** Rows of the file to compare with, in any order, a row as often as wanted. */
    readonly rows: Int32Array;
    readonly query: Float32Array;
    readonly top: number;
    readonly minSimilarity: number;
  }): Promise<{ readonly positions: Int32Array; readonly similarities: Float32Array }>;
  /** Loads what a search needs, so that the first one need not wait. `rows`: of the file, from the first. */
  prepare(input: {
    readonly model: ModelPlace<EmbeddingCard>;
    readonly file: string;
    readonly rows: number;
  }): Promise<void>;
  /** What a folder or file may be as a benchmark. */
  recogniseBenchmark(input: {
    readonly path: string;
    readonly images: string | null;
  }): Promise<readonly RecognisedBenchmark[]>;
  /** Writes what an archive holds below a folder that is there; false for what is no archive. */
  unpackBenchmark(input: { readonly path: string; readonly folder: string }): Promise<boolean>;
  /** What a file's shapes tell. */
  inspect(input: { readonly path: string }): Promise<Inspection>;
  /** Imports a model after a trial run; returns its id. */
  importModel(input: { readonly path: string } & Omit<ImportOptions, 'photograph'>): Promise<string>;
  [method: string]: (input: never) => unknown;
}

/** The embeddings of one model, as they lie in their file; grows with it. */
async function loadMatrix(
  known: Float32Array,
  file: string,
  width: number,
  rows: number,
): Promise<Float32Array> {
  if (known.length >= rows * width) return known;
  const handle = await open(file, 'r');
  try {
    const more = await readRows(handle, file, width, known.length / width, rows - known.length / width);
    if (known.length === 0) return more;
    const whole = new Float32Array(rows * width);
    whole.set(known);
    whole.set(more, known.length);
    return whole;
  } finally {
    await handle.close();
  }
}

/** What `open` opens, opened when it is first asked for. What failed is tried again the next time. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return () => {
    opened ??= open().catch((thrown: unknown) => {
      opened = null;
      throw thrown;
    });
    return opened;
  };
}

/** Starts the service; models are loaded when they are first needed. */
export async function startRecogniser(setup: RecogniserSetup): Promise<RecogniserMethods> {
  configureImages();
  const engine = { threads: setup.threads, provider: setup.provider };
  const { detector, landmarks } = setup;
  const theDetector = once(() => openDetector(detector.card, detector.dir, engine));
  const theLandmarks = landmarks && once(() => openLandmarks(landmarks.card, landmarks.dir, engine));
  const embedders = new Map<string, Promise<Embedder>>();
  let matrix: { readonly file: string; readonly data: Float32Array } = { file: '', data: new Float32Array() };
  const similarity = new Map<number, Promise<SimilarityEngine>>();

  const embedderOf = ({ card, dir }: ModelPlace<EmbeddingCard>): Promise<Embedder> => {
    const found = embedders.get(card.id);
    if (found !== undefined) return found;
    const opening = openEmbedder(card, dir, engine);
    embedders.set(card.id, opening);
    opening.catch(() => embedders.delete(card.id));
    return opening;
  };
  const matrixOf = async (file: string, width: number, rows: number): Promise<Float32Array> => {
    const known = matrix.file === file ? matrix.data : new Float32Array();
    matrix = { file, data: await loadMatrix(known, file, width, rows) };
    return matrix.data;
  };
  const similarityOf = (width: number): Promise<SimilarityEngine> => {
    const found = similarity.get(width) ?? openSimilarity(width, setup.threads);
    similarity.set(width, found);
    return found;
  };

  return {
    find: async ({ picture, name }) => {
      const image = await decodeImage(picture, { maxSide: alignSide, name });
      const points = theLandmarks === null ? {} : { landmarks: await theLandmarks() };
      const faces: FaceToSave[] = [];
      for (const { crop, ...face } of await findFaces(image, await theDetector(), points)) {
        faces.push({ ...face, ...(await cropToSave(crop)) });
      }
      return { width: image.width, height: image.height, faces };
    },
    embed: async ({ model, crops }) => {
      const { card } = model;
      const embedder = embedderOf(model);
      const pictures = await Promise.all(crops.map((crop) => decodeCrop(crop)));
      const vectors = new Float32Array(crops.length * card.size); // [crops, size]
      for (const [index, vector] of (await (await embedder).embed(pictures)).entries()) {
        vectors.set(vector, index * card.size);
      }
      return vectors;
    },
    prepare: async ({ model, file, rows }) => {
      const { size } = model.card;
      const [engineOfSize, data] = await Promise.all([
        similarityOf(size),
        matrixOf(file, size, rows),
        theDetector(),
        embedderOf(model),
      ]);
      if (rows > 0) await engineOfSize.scores(new Float32Array(size), data);
    },
    recogniseBenchmark: ({ path, images }) => recogniseBenchmark(path, { images }),
    unpackBenchmark: async ({ path, folder }) => {
      const format = await archiveAt(path);
      if (format !== null) await unpackArchive(path, format, folder);
      return format !== null;
    },
    inspect: ({ path }) => inspectModel(path),
    importModel: async ({ path, ...options }) => (await importModel(path, options)).card.id,
    search: async ({ file, width, rows, query, top, minSimilarity }) => {
      assert(query.length === width, `a query of ${query.length} numbers among rows of ${width}`);
      let needed = 0;
      for (const row of rows) needed = Math.max(needed, row + 1);
      const data = await matrixOf(file, width, needed);
      const all =
        rows.length === 0 ? new Float32Array() : await (await similarityOf(width)).scores(query, data);
      const scores = new Float32Array(rows.length);
      for (let i = 0; i < rows.length; i++) scores[i] = all[rows[i] ?? 0] ?? -1;
      const best = topK(scores, top);
      const enough = best.scores.findIndex((score) => score < minSimilarity);
      const count = enough < 0 ? best.scores.length : enough;
      return {
        positions: Int32Array.from(best.indices.subarray(0, count)),
        similarities: best.scores.slice(0, count),
      };
    },
  };
}
