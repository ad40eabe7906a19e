import { z } from 'zod';
import { error } from '../../../core/base/errors.ts';
import type {
  BenchmarkHost,
  BenchmarkSetup,
  BenchmarkSource,
  ImageToSee,
  SeenPicture,
} from '../../jobs/benchmark.ts';
import type { BenchmarkListHost, BenchmarkListSetup } from '../../jobs/benchmark-list.ts';
import {
  addImages,
  clearImages,
  countImages,
  pendingImages,
  type SeenImage,
  setImage,
} from '../../store/benchmark-images.ts';
import { clearArrays, isListed, putArrays } from '../../store/benchmark-lists.ts';
import { getSettings } from '../../store/settings.ts';
import { runJob } from '../../workers/run.ts';
import { countBenchmark, requireBenchmark } from '../benchmarks.ts';
import type { Context } from '../context.ts';
import type { JobReport, JobRunner } from '../queue.ts';
import { chunkSizeFor, inOrder, sharesOf } from './plan.ts';
import { runTeam } from './team.ts';

export const benchmarkInput = z.object({ benchmark: z.int(), copy: z.boolean() });

/** Pictures in a chunk at most: enough to keep a worker busy, few enough to lose little when it dies. */
const largestChunk = 16;

/** Reads a benchmark's list, then its pictures. Continuing goes on with those that nobody has looked at. */
export function benchmarkRunner(context: Context): JobRunner {
  return async (job, report) => {
    const { benchmark, copy } = benchmarkInput.parse(JSON.parse(job.input));
    const { store, shelf, events } = context;
    const stored = requireBenchmark(store, benchmark);
    const { source: path, imagesSource: images, format, alignment } = stored;
    const source: BenchmarkSource = { path, images, format };
    if (!isListed(store, benchmark)) await readList(context, benchmark, source, report);
    const { images: all, pending } = countImages(store, benchmark);
    const given = all - pending;
    report.progress(given, all);
    const shares = sharesOf(context);
    const { provider } = getSettings(store);
    // What is only decoded is decoded by many threads of one process.
    const processes = alignment === 'aligned' ? 1 : shares.processes;
    const setup: BenchmarkSetup = {
      ...{ source, alignment, copy, provider, threads: shares.threads },
      ...{ detector: shelf.detector(null), landmarks: shelf.landmarks() },
    };
    const size = chunkSizeFor(pending, processes, largestChunk);
    let done = given;
    const { host, finish } = chunks(context, benchmark, size, (more) => {
      done += more;
      report.progress(done, all);
      events.changed('benchmarks');
    });
    try {
      const count = Math.max(1, Math.min(processes, Math.ceil(pending / size)));
      if (pending > 0) await runTeam(context, { kind: 'benchmark', count, setup, host: { ...host } }, report);
    } finally {
      await finish(); // what was found before a stop or a crash is kept
      store.write((writer) => countBenchmark(writer, benchmark));
      events.changed('benchmarks');
    }
    await context.uploads.discard([path]);
    const { problems } = requireBenchmark(store, benchmark);
    return { pictures: all, problems };
  };
}

/** Writes the list of a benchmark; what was read of it before is forgotten. */
async function readList(
  context: Context,
  benchmark: number,
  source: BenchmarkSource,
  report: JobReport,
): Promise<void> {
  const { store } = context;
  store.write((writer) => {
    clearImages(writer, benchmark);
    clearArrays(writer, benchmark);
  });
  const host: BenchmarkListHost = {
    images: async ({ first, images }) => store.write((writer) => addImages(writer, benchmark, first, images)),
    end: async (arrays) =>
      store.write((writer) => {
        putArrays(writer, benchmark, arrays);
        countBenchmark(writer, benchmark);
      }),
  };
  const setup: BenchmarkListSetup = { source };
  await runJob({
    ...{ entry: context.workerEntry, kind: 'benchmark-list', setup, host: { ...host } },
    ...{ signal: report.signal, onProgress: () => {}, onLog: report.log },
  });
  context.events.changed('benchmarks');
}

/** Gives out the pictures that nobody has looked at, and saves what comes back. */
function chunks(
  context: Context,
  benchmark: number,
  size: number,
  onSaved: (pictures: number) => void,
): { readonly host: BenchmarkHost; finish(): Promise<void> } {
  const { store, library } = context;
  const saves = inOrder(async ({ images }: Parameters<BenchmarkHost['save']>[0]) => {
    const batch = library.batch();
    for (const { face, original, hash } of images) {
      if (face !== null) await batch.add('crops', face.crop, face.cropHash);
      if (original !== null && hash !== null) await batch.add('originals', original, hash);
    }
    await batch.commit((writer) => {
      for (const picture of images) setImage(writer, benchmark, picture.position, seenImage(picture));
    });
    onSaved(images.length);
  });
  let chunk = 0;
  let after = -1;
  const host: BenchmarkHost = {
    save: saves.add,
    next: async () => {
      const images = pendingImages(store, benchmark, after, size).map(
        ({ position, key, box, points }): ImageToSee => ({ position, key, box, points }),
      );
      const last = images.at(-1);
      if (last === undefined) return null;
      after = last.position;
      return { chunk: chunk++, images };
    },
  };
  return { host, finish: saves.finish };
}

function seenImage({ hash, path, width, height, face, problem }: SeenPicture): SeenImage {
  const original = { hash, path, width, height };
  if (face === null) {
    const why =
      problem ?? error('app/internal', { detail: 'a picture without a face and without a reason' }).info;
    return { ...original, crop: null, problem: why };
  }
  const { cropHash: crop, quality, points, box } = face;
  return { ...original, crop, quality, points, box, problem: null };
}
