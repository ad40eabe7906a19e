import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import {
  type FoundFace,
  type MatchedFace,
  matchFaces,
  type TrueFace,
} from '../../core/report/against-truth.ts';
import { photographsFolder } from '../../core/sample/plan.ts';
import type { SampleFace } from '../../core/sample/types.ts';
import { readTruth, truthFile } from '../jobs/people-files.ts';
import type { Reader } from '../store/database.ts';
import { facesOfPhotos } from '../store/faces.ts';
import { pagePhotos } from '../store/photos.ts';

/** The true faces of photographs by the photographs' keys. */
export type Truths = ReadonlyMap<string, readonly TrueFace[]>;

function trueFace({ identity, box: [x, y, width, height], points, mask }: SampleFace): TrueFace {
  return { identity, box: { x, y, width, height }, points, masked: mask !== null };
}

/** The true faces of the sample's photographs, by their keys as they are imported. Error: `file/cannot-read`. */
export async function truthsOf(folder: string): Promise<Truths> {
  const record = await readTruth(folder);
  if (record === null) {
    const detail = 'what is true of the sample’s pictures is gone';
    throw error('file/cannot-read', { path: join(folder, truthFile), detail });
  }
  const start = `${photographsFolder}/`;
  const photographs = record.pictures.filter(({ path }) => path.startsWith(start));
  return new Map(photographs.map(({ path, faces }) => [path.slice(start.length), faces.map(trueFace)]));
}

/** What was found in photographs, against what is in them. */
export interface AgainstTruth {
  readonly matched: readonly MatchedFace[];
  /** How many faces were found, and how many are there to be found: none in a file that can't be read. */
  readonly found: number;
  readonly true: number;
}

export function againstTruth(reader: Reader, dataset: number, truths: Truths): AgainstTruth {
  const filter = { dataset, show: 'aligned', reason: null, search: '' } as const;
  const { items } = pagePhotos(reader, filter, 0, Number.MAX_SAFE_INTEGER);
  const ids = items.map(({ id }) => id);
  const faces = Map.groupBy(facesOfPhotos(reader, ids), ({ photoId }) => photoId);
  const matched: MatchedFace[] = [];
  let [found, all] = [0, 0];
  for (const { id, key } of items) {
    const there = truths.get(key) ?? [];
    const seen = (faces.get(id) ?? []).map(
      ({ id, box, points, clusterId }): FoundFace => ({ id, box, points, cluster: clusterId }),
    );
    matched.push(...matchFaces(seen, there));
    found += seen.length;
    all += there.length;
  }
  return { matched, found, true: all };
}
