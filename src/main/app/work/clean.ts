import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { Histogram } from '../../../core/contract/runs.ts';
import { fitNoise } from '../../../core/training/label-noise.ts';
import type { CleanHost, CleanSetup } from '../../jobs/clean.ts';
import {
  type EmbeddedItem,
  embeddedItems,
  missingVersionCrops,
  saveCleaning,
} from '../../store/cleanings.ts';
import { getSettings } from '../../store/settings.ts';
import { runJob } from '../../workers/run.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';
import { requireVersion } from '../versions.ts';
import { embedCrops } from './embed-crops.ts';

export const cleanInput = z.object({ version: z.int(), model: z.string() });

const bins = 80;

function histogram(values: Float32Array): Histogram {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((value + 1) / 2) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { from: -1, to: 1, counts };
}

/** Values of the items by their positions in the version's list. */
function byPosition<A extends Float32Array | Int32Array>(
  items: readonly EmbeddedItem[],
  values: A,
  into: (length: number) => A,
): A {
  const placed = into((items.at(-1)?.position ?? -1) + 1);
  for (const [i, { position }] of items.entries()) placed[position] = values[i] ?? 0;
  return placed;
}

/**
 * Compares a version's pictures with its classes by a model's embeddings, after it has computed those that are missing.
 * Continuing goes on with embeddings still missing; the comparison is begun anew, since it is short.
 */
export function cleanRunner(context: Context): JobRunner {
  return async (job, report) => {
    const input = cleanInput.parse(JSON.parse(job.input));
    const { store, library, events, shelf } = context;
    const { id: version } = requireVersion(store, input.version);
    const model = shelf.embedding(input.model);
    const { id, size } = model.card;
    const next = (after: string, limit: number) => missingVersionCrops(store, id, version, after, limit);
    const missing = { total: next('', Number.MAX_SAFE_INTEGER).length, after: next };
    const there = embeddedItems(store, id, version).length;
    const whole = missing.total + missing.total + there; // each picture is compared once
    report.progress(0, whole);
    const embedded = await embedCrops(context, model, missing, report, (done) =>
      report.progress(done, whole),
    );
    const items = embeddedItems(store, id, version);
    if (items.length === 0) return { pictures: 0, people: 0, embedded };

    const present = [...new Set(items.map(({ identity }) => identity))].sort((a, b) => a - b);
    const classes = new Map(present.map((identity, label) => [identity, label]));
    const identityOf = (label: number): number => present[label] ?? -1;
    const setup: CleanSetup = {
      ...{ file: library.vectorsPath(id), width: size },
      rows: Int32Array.from(items, ({ row }) => row),
      labels: Int32Array.from(items, ({ identity }) => classes.get(identity) ?? 0),
      threads: getSettings(store).threads ?? availableParallelism(),
    };
    const host: CleanHost = {
      save: async ({ own, next: other, nearest, stranger, pairs, similarities }) => {
        const floats = (length: number) => new Float32Array(length).fill(Number.NaN);
        const scores = {
          own: byPosition(items, own, floats),
          next: byPosition(items, other, floats),
          nearest: byPosition(items, nearest.map(identityOf), (length) => new Int32Array(length).fill(-1)),
        };
        const named = Array.from(
          similarities,
          (similarity, i) =>
            [identityOf(pairs[2 * i] ?? -1), identityOf(pairs[2 * i + 1] ?? -1), similarity] as const,
        );
        const alone = own.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
        store.write((writer) =>
          saveCleaning(writer, {
            ...{ version, model: id, at: context.now(), scores, pairs: named },
            noise: fitNoise({ own, next: other, stranger }),
            histograms: {
              ...{ own: histogram(own), next: histogram(other), stranger: histogram(stranger) },
              ...{ images: items.length, alone },
            },
          }),
        );
        events.changed('versions');
      },
    };
    const summary = await runJob({
      ...{ entry: context.workerEntry, kind: 'clean', setup, host: { ...host }, signal: report.signal },
      onProgress: (done) => report.progress(whole - items.length + done, whole),
      onLog: report.log,
    });
    return { ...summary, embedded };
  };
}
