import { basename, isAbsolute, relative } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { Benchmark } from '../../core/contract/benchmarks.ts';
import { benchmarkHash } from '../store/benchmark-hash.ts';
import { countImages, countNames, problemPositions } from '../store/benchmark-images.ts';
import { benchmarkPairs, benchmarkTemplates } from '../store/benchmark-lists.ts';
import {
  benchmarkByName,
  benchmarksByHash,
  getBenchmark,
  listBenchmarks,
  type StoredBenchmark,
  setBenchmarkFigures,
} from '../store/benchmarks.ts';
import type { Reader, Writer } from '../store/database.ts';
import { archiveNameOf } from './benchmark-archives.ts';
import type { JobQueue } from './queue.ts';
import { candidates, freeName } from './versions.ts';

/** As people tell a benchmark from others. */
const called = ({ name, hash }: StoredBenchmark): string =>
  hash === null ? name : `${name} (${hash.slice(0, 12)})`;

const known = (store: Reader): string => candidates(listBenchmarks(store).map(called));

/** Error: `benchmark/unknown`. */
export function requireBenchmark(store: Reader, id: number): StoredBenchmark {
  const found = getBenchmark(store, id);
  if (found === null) throw error('benchmark/unknown', { benchmark: id, known: known(store) });
  return found;
}

/** A benchmark whose pictures are all in. Errors: `benchmark/unknown`, `benchmark/not-ready`. */
export function requireReady(store: Reader, id: number): StoredBenchmark & { readonly hash: string } {
  const found = requireBenchmark(store, id);
  const { hash, name } = found;
  if (hash === null) throw error('benchmark/not-ready', { name });
  return { ...found, hash };
}

/**
 * The benchmark that a text names: by its name, its hash, or as many of its first characters as tell it.
 * Errors: `benchmark/unknown`, `benchmark/ambiguous`.
 */
export function resolveBenchmark(store: Reader, text: string): StoredBenchmark {
  const named = benchmarkByName(store, text);
  if (named !== null) return named;
  const found = /^[0-9a-f]{4,64}$/i.test(text) ? benchmarksByHash(store, text.toLowerCase()) : [];
  const [first, second] = found;
  if (first === undefined) throw error('benchmark/unknown', { benchmark: text, known: known(store) });
  if (second !== undefined) {
    throw error('benchmark/ambiguous', { benchmark: text, known: candidates(found.map(called)) });
  }
  return first;
}

/** A benchmark as the contract has it. */
export function presentBenchmark(
  { queue, uploads }: { readonly queue: Pick<JobQueue, 'list'>; readonly uploads: string },
  { jobId, imagesSource: _, ...stored }: StoredBenchmark,
): Benchmark {
  // Folders of uploads are the application's own business.
  const inside = relative(uploads, stored.source);
  const isUpload = !inside.startsWith('..') && !isAbsolute(inside);
  const archive = archiveNameOf(inside);
  const sent = archive === null ? `${basename(inside)}, sent from a browser` : `${archive}, unpacked`;
  const shown = { ...stored, source: isUpload ? sent : stored.source };
  const job = jobId === null || shown.hash !== null ? null : jobId;
  return { ...shown, job: job === null ? null : (queue.list(false).find(({ id }) => id === job) ?? null) };
}

/** Counts a benchmark anew; its hash is there as soon as every picture was looked at. */
export function countBenchmark(writer: Writer, id: number): void {
  const { kind } = requireBenchmark(writer, id);
  const { images, pending, problems } = countImages(writer, id);
  const lost = new Set(problemPositions(writer, id));
  const pairs = benchmarkPairs(writer, id);
  const { people, groups } = countNames(writer, id);
  const folds = pairs?.folds ?? null;
  setBenchmarkFigures(
    writer,
    id,
    {
      ...{ images, problems, groups },
      people: benchmarkTemplates(writer, id) === null ? people : subjects(writer, id),
      pairs: pairs?.same.length ?? 0,
      samePairs: pairs?.same.reduce((sum, same) => sum + same, 0) ?? 0,
      lostPairs: pairs === null ? 0 : lostPairs(writer, id, pairs.pairs, lost),
      folds: folds === null ? null : folds.reduce((most, fold) => Math.max(most, fold + 1), 0),
    },
    pending === 0 && images > 0 ? benchmarkHash(writer, id, kind) : null,
  );
}

/** Different people of the templates; null where the list names nobody. */
function subjects(reader: Reader, id: number): number | null {
  const all = benchmarkTemplates(reader, id)?.templates.flatMap(({ subject }) => subject ?? []) ?? [];
  return all.length === 0 ? null : new Set(all).size;
}

/** Pairs that can't be scored: of a lost picture, or of a template all of whose pictures are lost. */
function lostPairs(reader: Reader, id: number, pairs: Int32Array, lost: ReadonlySet<number>): number {
  if (lost.size === 0) return 0;
  const templates = benchmarkTemplates(reader, id);
  let gone = lost;
  if (templates !== null) {
    const there = new Set<number>();
    for (const [i, image] of templates.members.image.entries()) {
      if (!lost.has(image)) there.add(templates.members.template[i] ?? -1);
    }
    gone = new Set(templates.templates.flatMap((_, place) => (there.has(place) ? [] : [place])));
  }
  let count = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    if (gone.has(pairs[i] ?? -1) || gone.has(pairs[i + 1] ?? -1)) count++;
  }
  return count;
}

/** The name that was asked for, or the usual one, numbered where it is taken. Error: `benchmark/exists`. */
export function freeBenchmarkName(store: Reader, asked: string | null, usual: string): string {
  const taken = (name: string): boolean => benchmarkByName(store, name) !== null;
  if (asked !== null && taken(asked)) throw error('benchmark/exists', { name: asked });
  return asked ?? freeName(usual.slice(0, 190), taken);
}
