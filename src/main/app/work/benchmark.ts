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
    const shares = sharesOf(context);
    // What is only decoded is decoded by many threads of one process, which can read the list, too.
    const alone = alignment === 'aligned';
    const list = !isListed(store, benchmark);
    if (list && !alone) await readList(context, benchmark, source, report);
    const processes = alone ? 1 : shares.processes;
    const { provider } = getSettings(store);
    const setup: BenchmarkSetup = {
      ...{ source, alignment, copy, provider, threads: shares.threads, list: list && alone },
      ...{ detector: alone ? null : shelf.detector(null), landmarks: alone ? null : shelf.landmarks() },
    };
    const { host, finish, pending } = chunks(context, benchmark, processes, report);
    try {
      const { waiting, size } = pending();
      const count = Math.max(1, Math.min(processes, Math.ceil(waiting / size)));
      if (waiting > 0 || setup.list) {
        await runTeam(context, { kind: 'benchmark', count, setup, host: { ...host } }, report);
      }
    } finally {
      await finish(); // what was found before a stop or a crash is kept
      store.write((writer) => countBenchmark(writer, benchmark));
      events.changed('benchmarks');
    }
    await context.uploads.discard([path, ...(images === null ? [] : [images])]);
    const { images: pictures, problems } = requireBenchmark(store, benchmark);
    return { pictures, problems };
  };
}

/** Writes the list of a benchmark; what was read of it before is forgotten. */
function listHost({ store, events }: Context, benchmark: number): BenchmarkListHost {
  return {
    images: async ({ first, images }) =>
      store.write((writer) => {
        if (first === 0) {
          clearImages(writer, benchmark);
          clearArrays(writer, benchmark);
        }
        addImages(writer, benchmark, first, images);
      }),
    end: async (arrays) => {
      store.write((writer) => {
        putArrays(writer, benchmark, arrays);
        countBenchmark(writer, benchmark);
      });
      events.changed('benchmarks');
    },
  };
}

async function readList(
  context: Context,
  benchmark: number,
  source: BenchmarkSource,
  report: JobReport,
): Promise<void> {
  const setup: BenchmarkListSetup = { source };
  await runJob({
    ...{
      entry: context.workerEntry,
      kind: 'benchmark-list',
      setup,
      host: { ...listHost(context, benchmark) },
    },
    ...{ signal: report.signal, onProgress: () => {}, onLog: report.log },
  });
}

/** Gives out the pictures that nobody has looked at, and saves what comes back. */
function chunks(
  context: Context,
  benchmark: number,
  processes: number,
  report: JobReport,
): {
  readonly host: BenchmarkHost;
  finish(): Promise<void>;
  /** Pictures that nobody has looked at, and how many are given out at a time. */
  pending(): { readonly waiting: number; readonly size: number };
} {
  const { store, library, events } = context;
  let chunk = 0;
  let after = -1;
  let done = 0;
  let all = 0;
  let size = 1;
  /** What there is to do, now that the list is known. */
  const pending = () => {
    const { images, pending: waiting } = countImages(store, benchmark);
    size = chunkSizeFor(waiting, processes, largestChunk);
    all = images;
    done = images - waiting;
    if (images > 0) report.progress(done, all);
    return { waiting, size };
  };
  const saves = inOrder(async ({ images }: Parameters<BenchmarkHost['save']>[0]) => {
    const batch = library.batch();
    for (const { face, original, hash } of images) {
      if (face !== null) await batch.add('crops', face.crop, face.cropHash);
      if (original !== null && hash !== null) await batch.add('originals', original, hash);
    }
    await batch.commit((writer) => {
      for (const picture of images) setImage(writer, benchmark, picture.position, seenImage(picture));
    });
    done += images.length;
    report.progress(done, all);
    events.changed('benchmarks');
  });
  const list = listHost(context, benchmark);
  const host: BenchmarkHost = {
    images: list.images,
    end: async (arrays) => {
      await list.end(arrays);
      pending();
    },
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
  return { host, pending, finish: saves.finish };
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
