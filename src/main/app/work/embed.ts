import { z } from 'zod';
import { scopeOf } from '../../store/datasets.ts';
import { countMissing, missingCrops } from '../../store/embeddings.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';
import { embedCrops } from './embed-crops.ts';

export const embedInput = z.object({ datasets: z.array(z.int()).nullable(), model: z.string() });

/** Computes the embeddings that are missing in the datasets. Continuing goes on with those still missing. */
export function embedRunner(context: Context): JobRunner {
  return async (job, report) => {
    const input = embedInput.parse(JSON.parse(job.input));
    const { store, events, shelf } = context;
    const model = shelf.embedding(input.model);
    const { id } = model.card;
    const datasets = scopeOf(store, input.datasets);
    const total = countMissing(store, id, datasets);
    report.progress(0, total);
    const missing = {
      total,
      after: (hash: string, limit: number) => missingCrops(store, id, datasets, hash, limit),
    };
    const faces = await embedCrops(context, model, missing, report, (done) => {
      report.progress(done, total);
      events.changed('faces', 'datasets');
    });
    return { faces };
  };
}
