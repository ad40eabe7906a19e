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
}

/** Work comes in numbered chunks, which the application saves in order of their numbers. */
export interface EmbedHost {
  next(nothing: null): Promise<{
    readonly chunk: number;
    readonly crops: readonly { readonly hash: string; readonly place: PackLocation }[];
  } | null>;
  /** `vectors` is [crops, size]. */
  save(result: {
    readonly chunk: number;
    readonly crops: readonly string[];
    readonly vectors: Float32Array;
  }): Promise<void>;
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
      const vectors = new Float32Array(pictures.length * card.size); // [crops, size]
      const embedded = await embedder.embed(pictures, { signal: context.signal });
      for (const [index, vector] of embedded.entries()) vectors.set(vector, index * card.size);
      await host.save({ chunk: work.chunk, crops: work.crops.map((crop) => crop.hash), vectors });
      faces += pictures.length;
    }
  } finally {
    await pack.close();
    await embedder.close();
  }
  return { faces };
};
