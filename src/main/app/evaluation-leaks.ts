import type { LeakCount } from '../../core/contract/evaluations.ts';
import type { StoredBenchmark } from '../store/benchmarks.ts';
import type { LeakedImages } from './evaluation-lists.ts';
import type { JobReport } from './queue.ts';

/** What training data and a benchmark share. */
export interface FoundLeaks {
  readonly count: LeakCount;
  readonly images: LeakedImages;
}

/** Looks, or tells what was found before, of a benchmark and a version; null where it can't be told. */
export type LeakFinder = (
  benchmark: StoredBenchmark,
  version: number,
  report: Pick<JobReport, 'signal' | 'log'>,
) => Promise<FoundLeaks | null>;

/** What a benchmark shares with any of these versions; null where none is known. */
export async function leaksOf(
  find: LeakFinder,
  benchmark: StoredBenchmark,
  versions: readonly number[],
  report: Pick<JobReport, 'signal' | 'log'>,
): Promise<FoundLeaks | null> {
  const all: FoundLeaks[] = [];
  for (const version of versions) {
    const found = await find(benchmark, version, report);
    if (found === null) continue;
    const { version: shared, pictures, people, pairs } = found.count; // and no more than that is kept
    all.push({ ...found, count: { version: shared, pictures, people, pairs } });
  }
  const [first, ...others] = all;
  if (first === undefined || others.length === 0) return first ?? null;
  const images = first.images.slice();
  for (const other of others)
    for (const [image, leaked] of other.images.entries()) if (images[image] === 0) images[image] = leaked;
  // Numbers that several have in common can't be told apart from their sums: the largest is a lower bound.
  const most = (name: 'pictures' | 'people' | 'pairs'): number =>
    Math.max(...all.map(({ count }) => count[name]));
  const version = {
    id: null,
    name: all.map(({ count }) => count.version.name).join(' + '),
    hash: all.map(({ count }) => count.version.hash).join('+'),
  };
  return {
    images,
    count: { version, pictures: most('pictures'), people: most('people'), pairs: most('pairs') },
  };
}
