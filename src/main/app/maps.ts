import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddingMap } from '../../core/contract/evaluations.ts';
import { writeError } from '../datasets/write-error.ts';
import type { EventHub } from './events.ts';

/** Maps of embeddings: while they are made in memory, then `maps/<job>.json` in the data folder. */
export interface Maps {
  get(job: number): Promise<EmbeddingMap | null>;
  /** Shows how far it is. */
  put(map: EmbeddingMap): void;
  /** Keeps it for good. Error: `pack/write-failed`. */
  finish(map: EmbeddingMap): Promise<void>;
}

/** Deletes the maps of jobs that are not there any more. */
export async function openMaps(
  { dataDir, events }: { readonly dataDir: string; readonly events: EventHub },
  jobs: ReadonlySet<number>,
): Promise<Maps> {
  const folder = join(dataDir, 'maps');
  const fileOf = (job: number): string => join(folder, `${job}.json`);
  for (const name of await readdir(folder).catch(() => [])) {
    const job = Number(/^(\d+)\.json$/.exec(name)?.[1] ?? -1);
    if (!jobs.has(job)) await rm(join(folder, name), { force: true });
  }
  const underway = new Map<number, EmbeddingMap>();
  const told = (map: EmbeddingMap): void => {
    underway.set(map.job, map);
    events.changed('maps');
  };
  return {
    get: async (job) => {
      const now = underway.get(job);
      if (now !== undefined) return now;
      const text = await readFile(fileOf(job), 'utf8').catch(() => null);
      return text === null ? null : (JSON.parse(text) as EmbeddingMap); // what `finish` wrote
    },
    put: told,
    finish: async (map) => {
      const file = fileOf(map.job);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(`${file}.part`, JSON.stringify(map));
        await rename(`${file}.part`, file);
      } catch (thrown) {
        throw writeError(file, thrown);
      }
      told(map);
      underway.delete(map.job);
    },
  };
}
