import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import { openPackReader, type PackLocation } from '../datasets/pack.ts';
import type { Provider } from '../engine/providers.ts';
import { decodeCrop } from '../images/encode.ts';
import { configureImages } from '../images/setup.ts';
import { openEmbedder } from '../models/embedder.ts';
import type { ModelPlace } from './align.ts';
import type { Job } from './job.ts';

export interface EmbedSetup {
  readonly model: ModelPlace<EmbeddingCard>;
  readonly threads: number;
  readonly provider: Provider;
  readonly packsDir: string;
  /** Embeddings with the mirrored crop's added; those without come along. */
  readonly mirrored: boolean;
}

/** Work comes in numbered chunks, which the application saves in order of their numbers. */
export interface EmbedHost {
  next(nothing: null): Promise<{
    readonly chunk: number;
    readonly crops: readonly { readonly hash: string; readonly place: PackLocation }[];
  } | null>;
  /** Both are [crops, size]; `mirrored` is null where it was not asked for. */
  save(result: {
    readonly chunk: number;
    readonly crops: readonly string[];
    readonly vectors: Float32Array;
    readonly mirrored: Float32Array | null;
  }): Promise<void>;
}

/** [vectors, size] */
function matrixOf(vectors: readonly Float32Array[], size: number): Float32Array {
  const matrix = new Float32Array(vectors.length * size);
  for (const [index, vector] of vectors.entries()) matrix.set(vector, index * size);
  return matrix;
}

/** Computes the embeddings of crops. Summary: `faces` of this process. */
export const embedJob: Job<EmbedSetup, EmbedHost> = async (setup, host, context) => {
  configureImages();
  const { card, dir } = setup.model;
  const embedder = await openEmbedder(card, dir, { threads: setup.threads, provider: setup.provider });
  const pack = openPackReader(setup.packsDir, 'crops');
  let faces = 0;
  try {
    for (let work = await host.next(null); work !== null; work = await host.next(null)) {
      const pictures = await Promise.all(
        work.crops.map(async ({ hash, place }) => decodeCrop(await pack.read(place), `crop ${hash}`)),
      );
      const { plain, mirrored } = setup.mirrored
        ? await embedder.embedBoth(pictures, context)
        : { plain: await embedder.embed(pictures, context), mirrored: null };
      const crops = work.crops.map((crop) => crop.hash);
      const vectors = matrixOf(plain, card.size);
      await host.save({
        chunk: work.chunk,
        crops,
        vectors,
        mirrored: mirrored && matrixOf(mirrored, card.size),
      });
      faces += pictures.length;
    }
  } finally {
    await pack.close();
    await embedder.close();
  }
  return { faces };
};
