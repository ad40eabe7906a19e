import { assert, defined } from '../../../core/base/assert.ts';
import type { EmbeddingCard } from '../../../core/contract/model-card.ts';
import type { ModelPlace } from '../../jobs/align.ts';
import type { EmbedHost, EmbedSetup } from '../../jobs/embed.ts';
import { mirroredModel, withoutEmbedding } from '../../store/embeddings.ts';
import { getSettings } from '../../store/settings.ts';
import type { Context } from '../context.ts';
import type { JobReport } from '../queue.ts';
import { chunkSizeFor, inOrder, sharesOf } from './plan.ts';
import { runTeam } from './team.ts';

/** Crops that a model has not embedded. */
export interface MissingCrops {
  readonly total: number;
  /** The next ones behind that hash, in their order. */
  after(hash: string, limit: number): readonly string[];
}

/** Crops in a chunk at most. */
const largestChunk = 32;

/**
 * Computes embeddings that are missing, with `mirrored` those that the mirrored crop's were added to; `onSaved` is told how many are on the disk so far.
 * The result is that number.
 */
export async function embedCrops(
  context: Context,
  model: ModelPlace<EmbeddingCard>,
  missing: MissingCrops,
  report: JobReport,
  onSaved: (done: number) => void,
  mirrored = false,
): Promise<number> {
  const { store, library } = context;
  const { id, size, sha256 } = model.card;
  const { total } = missing;
  if (total === 0) return 0;
  const shares = sharesOf(context);
  const chunkSize = chunkSizeFor(total, shares.processes, largestChunk);
  let done = 0;
  let chunk = 0;
  let after = '';
  /** Those without come along with mirrored ones, whether they are there or not. */
  const savePlain = async (crops: readonly string[], vectors: Float32Array): Promise<void> => {
    const wanted = mirrored ? withoutEmbedding(store, id, crops) : crops;
    if (wanted.length === crops.length) return library.addVectors(id, size, crops, vectors, sha256);
    if (wanted.length === 0) return;
    const some = new Float32Array(wanted.length * size);
    for (const [i, crop] of wanted.entries()) {
      const at = crops.indexOf(crop) * size;
      some.set(vectors.subarray(at, at + size), i * size);
    }
    return library.addVectors(id, size, wanted, some, sha256);
  };
  const saves = inOrder(async ({ crops, vectors, mirrored: both }: Parameters<EmbedHost['save']>[0]) => {
    assert(vectors.length === crops.length * size, 'a vector for each crop');
    await savePlain(crops, vectors);
    if (both !== null) await library.addVectors(mirroredModel(id), size, crops, both, sha256);
    done += crops.length;
    onSaved(done);
  });
  const host: EmbedHost = {
    save: saves.add,
    next: async () => {
      const hashes = missing.after(after, chunkSize);
      after = hashes.at(-1) ?? after;
      if (hashes.length === 0) return null;
      const crops = hashes.map((hash) => ({
        hash,
        place: defined(library.locate('crops', hash), `the place of crop ${hash}`),
      }));
      return { chunk: chunk++, crops };
    },
  };
  const setup: EmbedSetup = {
    model,
    threads: shares.threads,
    provider: getSettings(store).provider,
    packsDir: library.packsDir,
    mirrored,
  };
  const count = Math.max(1, Math.min(shares.processes, Math.ceil(total / chunkSize)));
  try {
    await runTeam(context, { kind: 'embed', count, setup, host: { ...host } }, report);
  } finally {
    await saves.finish();
  }
  return done;
}
