import { error } from '../../../core/base/errors.ts';
import { pageImages } from '../../store/benchmark-images.ts';
import { benchmarkByName, listBenchmarks, renameBenchmark } from '../../store/benchmarks.ts';
import { abortSignal } from '../abort.ts';
import { benchmarkArchives } from '../benchmark-archives.ts';
import { presentBenchmark, requireBenchmark, resolveBenchmark } from '../benchmarks.ts';
import { checkAlignment } from '../benchmarks-alignment.ts';
import { buildBenchmark } from '../benchmarks-build.ts';
import { exportBenchmark } from '../benchmarks-export.ts';
import { importBenchmark, readingsOf } from '../benchmarks-import.ts';
import type { Context } from '../context.ts';
import { eraseBenchmark } from '../erase.ts';
import type { JobQueue } from '../queue.ts';
import { runVerifiedOn } from '../training-benchmarks.ts';
import type { Part } from './part.ts';

export function benchmarkHandlers(context: Context, queue: JobQueue): Part<'benchmarks'> {
  const { store, events } = context;
  const archives = benchmarkArchives(context);
  const shown = { queue, uploads: context.uploads.root };
  return {
    'benchmarks.list': () => listBenchmarks(store).map((stored) => presentBenchmark(shown, stored)),
    'benchmarks.get': ({ benchmark }) => presentBenchmark(shown, requireBenchmark(store, benchmark)),
    'benchmarks.find': ({ name }) => presentBenchmark(shown, resolveBenchmark(store, name)),
    'benchmarks.recognise': (wish) => readingsOf(context, archives, wish),
    'benchmarks.import': (wish) => importBenchmark(context, queue, archives, wish),
    'benchmarks.build': (wish) => {
      const id = buildBenchmark(store, { ...wish, at: context.now() });
      events.changed('benchmarks');
      return presentBenchmark(shown, requireBenchmark(store, id));
    },
    'benchmarks.images': ({ offset, limit, ...filter }) => {
      requireBenchmark(store, filter.benchmark);
      return { offset, ...pageImages(store, filter, offset, limit) };
    },
    'benchmarks.alignment': (wish, { signal }) => checkAlignment(context, wish, abortSignal(signal)),
    'benchmarks.rename': ({ benchmark, name }) => {
      requireBenchmark(store, benchmark);
      const taken = benchmarkByName(store, name);
      if (taken !== null && taken.id !== benchmark) throw error('benchmark/exists', { name });
      store.write((writer) => renameBenchmark(writer, benchmark, name));
      events.changed('benchmarks', 'evaluations');
    },
    'benchmarks.remove': async ({ benchmark }) => {
      const stored = requireBenchmark(store, benchmark);
      const { jobId, name } = stored;
      const run = runVerifiedOn(store, stored);
      if (run !== null) throw error('benchmark/in-training', { name, run: run.name });
      if (jobId !== null) queue.cancel(jobId);
      const resume = await queue.release(null);
      try {
        await eraseBenchmark(context, benchmark);
        await context.uploads.discard([
          stored.source,
          ...(stored.imagesSource === null ? [] : [stored.imagesSource]),
        ]);
        context.recogniser.renew(); // it has embeddings in memory
      } finally {
        resume();
      }
      events.changed('benchmarks', 'evaluations');
    },
    'benchmarks.export': (wish, { signal }) => exportBenchmark(context, wish, abortSignal(signal)),
  };
}
