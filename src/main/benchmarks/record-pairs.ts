import { error } from '../../core/base/errors.ts';
import { recordList } from '../../core/benchmarks/record-list.ts';
import type { LoadedPairs } from './reading.ts';
import { openRecordFile } from './record-file.ts';

/**
 * InsightFace's `.rec` as a benchmark: pairs are drawn from its identities. Pictures are read one by one.
 * Errors: those of `openRecordFile`, `benchmark/too-few-people`.
 */
export async function openRecordPairs(path: string): Promise<LoadedPairs> {
  const file = await openRecordFile(path);
  try {
    const list = recordList(file.pictures, await file.labels());
    const known = new Set(file.pictures);
    const numberOf = (key: string): number => (/^rec:\d{1,15}$/.test(key) ? Number(key.slice(4)) : -1);
    return {
      list,
      pictures: {
        has: (key) => known.has(numberOf(key)),
        place: () => null,
        open: async (key) => {
          if (!known.has(numberOf(key))) throw error('benchmark/no-picture', { path, key });
          return (await file.record(numberOf(key))).picture;
        },
        close: () => file.close(),
      },
    };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}
