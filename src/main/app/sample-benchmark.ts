import { hasCode } from '../../core/base/errors.ts';
import { getBenchmark } from '../store/benchmarks.ts';
import type { Journey } from './sample-steps.ts';
import { resolveVersion } from './versions.ts';

const mostPairs = 1200;
const mostFolds = 8;

/** As many pairs and folds as people with so many pictures each give: folds of two people at least. Null for too few. */
export function foldsOf(
  people: number,
  each: number,
): { readonly folds: number; readonly pairs: number } | null {
  const folds = Math.min(mostFolds, Math.floor(people / 2));
  const pairs = Math.min(mostPairs, folds * each * (each - 1));
  return folds < 2 || pairs < 2 * folds ? null : { folds, pairs };
}

/**
 * Makes a benchmark of the people who look alike and measures the trained network on it by every protocol, so that there
 * is something to look at where networks are evaluated. Nobody of them was trained on: leaks are not looked for. Its id;
 * null where there are too few people.
 */
export async function measureOnExam(journey: Journey, model: string): Promise<number | null> {
  const { context, call, change, sample, job } = journey;
  const { store } = context;
  const { examVersion, names, seed } = sample();
  if (examVersion === null) return null;
  const version = resolveVersion(store, examVersion);
  const size = foldsOf(version.identities, Math.floor(version.images / version.identities));
  if (size === null) return null;
  let { benchmark = null } = sample();
  if (benchmark === null || getBenchmark(store, benchmark) === null) {
    const made = await call('benchmarks.build', {
      version: version.id,
      name: names.exam,
      ...size,
      seed,
    }).catch((thrown: unknown) => {
      // A benchmark of that name is somebody else's: this one gets the next that is free.
      if (!hasCode(thrown, 'benchmark/exists')) throw thrown;
      return call('benchmarks.build', { version: version.id, ...size, seed });
    });
    benchmark = made.id;
    change({ benchmark });
  }
  const wish = { models: [model], benchmarks: [benchmark], leaks: 'ignore' as const, seed };
  await job(() => call('evaluations.start', wish));
  return benchmark;
}
