import { z } from 'zod';
import { assert, defined } from '../../../core/base/assert.ts';
import type { EmbedHost, EmbedSetup } from '../../jobs/embed.ts';
import { scopeOf } from '../../store/datasets.ts';
import { countMissing, missingCrops } from '../../store/embeddings.ts';
import { getSettings } from '../../store/settings.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';
import { chunkSizeFor, inOrder, sharesOf } from './plan.ts';
import { runTeam } from './team.ts';

export const embedInput = z.object({ datasets: z.array(z.int()).nullable(), model: z.string() });

/** Crops in a chunk at most. */
const largestChunk = 32;

/** Computes the embeddings that are missing in the datasets. Continuing goes on with those still missing. */
export function embedRunner(context: Context): JobRunner {
  return async (job, report) => {
    const input = embedInput.parse(JSON.parse(job.input));
    const { store, library, events, shelf } = context;
    const model = shelf.embedding(input.model);
    const { id, size } = model.card;
    const datasets = scopeOf(store, input.datasets);
    const total = countMissing(store, id, datasets);
    const shares = sharesOf(context);
    const chunkSize = chunkSizeFor(total, shares.processes, largestChunk);
    let done = 0;
    let chunk = 0;
    let after = '';
    report.progress(0, total);
    const saves = inOrder(async ({ crops, vectors }: Parameters<EmbedHost['save']>[0]) => {
      assert(vectors.length === crops.length * size, 'a vector for each crop');
      await library.addVectors(id, size, crops, vectors);
      done += crops.length;
      report.progress(done, total);
      events.changed('faces', 'datasets');
    });
    const host: EmbedHost = {
      save: saves.add,
      next: async () => {
        const hashes = missingCrops(store, id, datasets, after, chunkSize);
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
    };
    const count = Math.max(1, Math.min(shares.processes, Math.ceil(total / chunkSize)));
    try {
      if (total > 0) await runTeam(context, { kind: 'embed', count, setup, host: { ...host } }, report);
    } finally {
      await saves.finish();
    }
    return { faces: done };
  };
}
