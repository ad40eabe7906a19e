import { availableParallelism } from 'node:os';
import { defined } from '../../../core/base/assert.ts';
import { Cancelled, error } from '../../../core/base/errors.ts';
import { type EmbeddingMap, mapWish } from '../../../core/contract/evaluations.ts';
import type { EmbeddingCard } from '../../../core/contract/model-card.ts';
import { chooseItems, type MapItem } from '../../../core/maps/choose.ts';
import type { ModelPlace } from '../../jobs/align.ts';
import type { MapHost, MapSetup } from '../../jobs/map.ts';
import { findRow, withoutEmbedding } from '../../store/embeddings.ts';
import { getSettings } from '../../store/settings.ts';
import { runJob } from '../../workers/run.ts';
import type { Context } from '../context.ts';
import { mapItems } from '../map-items.ts';
import type { Maps } from '../maps.ts';
import type { JobReport, JobRunner } from '../queue.ts';
import { embedCrops } from './embed-crops.ts';

/** Points that can be laid out in a few minutes, and told apart on a screen. */
export const mostPoints = 20_000;
const fewestPoints = 4;

/** Embeddings that are missing for a map. */
async function embedMissing(
  context: Context,
  model: ModelPlace<EmbeddingCard>,
  items: readonly MapItem[],
  report: JobReport,
): Promise<number> {
  const { id } = model.card;
  const missing = [
    ...withoutEmbedding(
      context.store,
      id,
      items.map(({ crop }) => crop),
    ),
  ].sort();
  const after = (hash: string, limit: number): readonly string[] => {
    const from = missing.findIndex((crop) => crop > hash);
    return from < 0 ? [] : missing.slice(from, from + limit);
  };
  return embedCrops(context, model, { total: missing.length, after }, report, (done) =>
    report.progress(done, missing.length),
  );
}

/** Lays out the embeddings of some people's crops. Continuing begins anew: the embeddings are there then. */
export function mapRunner(context: Context, maps: Maps): JobRunner {
  return async (job, report) => {
    const wish = mapWish.parse(JSON.parse(job.input));
    const { store, library, shelf } = context;
    const models = (wish.models ?? [null]).map((id) => shelf.embedding(id));
    const items = chooseItems(mapItems(store, wish.scope), wish);
    if (items.length < fewestPoints || items.length > mostPoints)
      throw error('map/points', { count: items.length, least: fewestPoints, most: mostPoints });
    let embedded = 0;
    for (const model of models) embedded += await embedMissing(context, model, items, report);

    let map: EmbeddingMap = {
      ...{ job: job.id, wish, state: 'running', method: wish.method, epochs: wish.epochs },
      layouts: models.map(({ card }) => ({ model: card.name, epoch: 0, positions: [] })),
      points: items,
    };
    maps.put(map);
    const host: MapHost = {
      show: async ({ model, epoch, positions }) => {
        const laid = Array.from(positions, (value) => Number(value.toPrecision(6)));
        const layouts = map.layouts.map((layout, i) =>
          i === model ? { ...layout, epoch, positions: laid } : layout,
        );
        map = { ...map, layouts };
        if (model === models.length - 1) maps.put(map);
      },
    };
    const setup: MapSetup = {
      models: models.map(({ card: { id, size } }) => ({
        ...{ file: library.vectorsPath(id), width: size },
        rows: Int32Array.from(items, ({ crop }) => defined(findRow(store, id, crop), `a row for ${crop}`)),
      })),
      ...{ method: wish.method, neighbours: wish.neighbours, epochs: wish.epochs, seed: wish.seed },
      threads: getSettings(store).threads ?? availableParallelism(),
    };
    try {
      const summary = await runJob({
        ...{ entry: context.workerEntry, kind: 'map', setup, host: { ...host }, signal: report.signal },
        ...{ onProgress: report.progress, onLog: report.log },
      });
      await maps.finish({ ...map, state: 'done' });
      return { ...summary, embedded };
    } catch (thrown) {
      // What was laid out so far is worth looking at.
      if (thrown instanceof Cancelled) await maps.finish({ ...map, state: 'stopped' });
      throw thrown;
    }
  };
}
