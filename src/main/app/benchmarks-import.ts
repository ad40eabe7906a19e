import { resolve } from 'node:path';
import type { z } from 'zod';
import { error } from '../../core/base/errors.ts';
import type { Parsed } from '../../core/contract/api.ts';
import type { BenchmarkReading } from '../../core/contract/benchmarks.ts';
import type { Job } from '../../core/contract/jobs.ts';
import { addBenchmark, benchmarkByName, type StoredBenchmark, setBenchmarkJob } from '../store/benchmarks.ts';
import type { BenchmarkArchives } from './benchmark-archives.ts';
import { freeBenchmarkName } from './benchmarks.ts';
import type { Context } from './context.ts';
import type { JobQueue } from './queue.ts';
import type { benchmarkInput } from './work/benchmark.ts';

const uploadMark = 'upload:';

/** A place of the machine, or where a file lies that was uploaded. Error: `upload/unknown`. */
async function fileOf({ uploads }: Context, path: string): Promise<string> {
  return path.startsWith(uploadMark) ? await uploads.path(path.slice(uploadMark.length)) : resolve(path);
}

/** Where a wish can be read: what lies in archives is unpacked. */
async function placesOf(
  context: Context,
  archives: BenchmarkArchives,
  { path, images }: Pick<Parsed<'benchmarks.recognise'>, 'path' | 'images'>,
): Promise<BenchmarkPlaces> {
  const place = await archives.place(await fileOf(context, path));
  return {
    path: place,
    images: images === null ? null : await archives.place(await fileOf(context, images)),
  };
}

interface BenchmarkPlaces {
  readonly path: string;
  /** Where the pictures are, if not beside the list. */
  readonly images: string | null;
}

/** What a folder, file or archive may be, the likeliest first; what is strange about it is told with what is missing. */
export async function readingsOf(
  context: Context,
  archives: BenchmarkArchives,
  wish: Parsed<'benchmarks.recognise'>,
): Promise<readonly BenchmarkReading[]> {
  return readingsAt(context, await placesOf(context, archives, wish));
}

async function readingsAt(context: Context, places: BenchmarkPlaces): Promise<readonly BenchmarkReading[]> {
  // Files of others are opened in the recogniser's process: what crashes there ends no more than a request.
  const found = await context.recogniser.use((methods) => methods.recogniseBenchmark({ ...places }));
  return found.map(({ problems, samples: _, missing, ...reading }) => ({
    ...reading,
    missing: [...missing, ...problems],
  }));
}

/** What is read where it lies stays there; of archives and uploads the application has its own files, which go after the import. */
async function sourceOf(
  { uploads }: Context,
  archives: BenchmarkArchives,
  path: string,
  place: string,
): Promise<{ readonly source: string; readonly isOurs: boolean }> {
  const uploaded = path.startsWith(uploadMark);
  const kept = await archives.keep(place);
  const gathered = uploaded ? await uploads.gather([path.slice(uploadMark.length)]) : place;
  if (kept !== null && uploaded) await uploads.discard([gathered]); // the archive; its content is kept
  return { source: kept ?? gathered, isOurs: uploaded || kept !== null };
}

/**
 * Begins to read a benchmark; a job does it. One that was left half read, whose job was forgotten, is gone on with. Errors: those of the files, `benchmark/unrecognised`,
 * `benchmark/unknown-reading`, `benchmark/incomplete`, `benchmark/exists`, `upload/unknown`; of archives those of unpacking.
 */
export async function importBenchmark(
  context: Context,
  queue: JobQueue,
  archives: BenchmarkArchives,
  wish: Parsed<'benchmarks.import'>,
): Promise<{ readonly benchmark: number; readonly job: Job }> {
  const { store } = context;
  const { path, images } = wish;
  const places = await placesOf(context, archives, wish);
  const readings = await readingsAt(context, places);
  const reading = wish.format === null ? readings[0] : readings.find(({ format }) => format === wish.format);
  if (reading === undefined) {
    if (wish.format === null) throw error('benchmark/unrecognised', { path });
    throw error('benchmark/unknown-reading', { path, reading: wish.format });
  }
  if (!reading.usable) {
    throw error('benchmark/incomplete', {
      path,
      missing: reading.missing.join('; ') || 'there are no pictures',
    });
  }
  const { kind, format, title } = reading;
  const begun = benchmarkByName(store, wish.name ?? reading.name);
  if (begun !== null && isLeft(queue, begun) && begun.source === resolve(path) && begun.format === format) {
    return { benchmark: begun.id, job: start(context, queue, begun, false) };
  }
  const name = freeBenchmarkName(store, wish.name, reading.name);
  const list = await sourceOf(context, archives, path, places.path);
  const beside =
    images === null || places.images === null
      ? null
      : await sourceOf(context, archives, images, places.images);
  const made = {
    ...{ name, kind, format, title, source: list.source, createdAt: context.now() },
    imagesSource: beside?.source ?? null,
    alignment: wish.alignment ?? reading.alignment,
  };
  const benchmark = store.write((writer) => addBenchmark(writer, made));
  // What was uploaded or unpacked is deleted after the import, so that copies are needed.
  const copy = list.isOurs || beside?.isOurs === true;
  return { benchmark, job: start(context, queue, { id: benchmark, name }, copy) };
}

/** Whether a benchmark is not read to its end, and no job is there any more that could go on with it. */
function isLeft(queue: JobQueue, { hash, jobId }: StoredBenchmark): boolean {
  return hash === null && !queue.list(false).some(({ id }) => id === jobId);
}

function start(
  { store, events }: Context,
  queue: JobQueue,
  { id, name }: Pick<StoredBenchmark, 'id' | 'name'>,
  copy: boolean,
): Job {
  const input: z.infer<typeof benchmarkInput> = { benchmark: id, copy };
  const job = queue.add({
    ...{ kind: 'benchmark', title: `Read benchmark ${name}`, datasetId: null, input, unit: 'pictures' },
  });
  store.write((writer) => setBenchmarkJob(writer, id, job.id));
  events.changed('benchmarks');
  return job;
}
