import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { defined } from '../../core/base/assert.ts';
import { Cancelled, error } from '../../core/base/errors.ts';
import type { Output, Parsed } from '../../core/contract/api.ts';
import { writeBin } from '../benchmarks/bin.ts';
import { writeError } from '../datasets/write-error.ts';
import { imageColumns } from '../store/benchmark-crops.ts';
import { benchmarkPairs } from '../store/benchmark-lists.ts';
import { requireReady } from './benchmarks.ts';
import type { Context } from './context.ts';
import { freeName } from './versions.ts';

/** A pair with the crops of both. */
interface WholePair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
  readonly fold: number | null;
}

/**
 * Writes the pairs of a benchmark whose pictures both have crops, in the list's order: InsightFace's `.bin`, or a folder
 * with a folder per person and `pairs.csv`, which `benchmarks.import` reads as what they are. The `.bin` has no folds of its own.
 * Errors: `benchmark/unknown`, `benchmark/not-ready`, `benchmark/not-written`, `benchmark/no-crops`, `pack/write-failed`.
 */
export async function exportBenchmark(
  context: Context,
  { benchmark, path, format }: Parsed<'benchmarks.export'>,
  signal: AbortSignal,
): Promise<Output<'benchmarks.export'>> {
  const { store } = context;
  const { id, name, kind } = requireReady(store, benchmark);
  const stored = benchmarkPairs(store, id);
  if (kind !== 'verification' || stored === null) throw error('benchmark/not-written', { name, format });
  const { crops, groups, people } = imageColumns(store, id);
  const pairs = Array.from(
    stored.same,
    (same, i): WholePair => ({
      ...{ a: stored.pairs[2 * i] ?? 0, b: stored.pairs[2 * i + 1] ?? 0, same: same === 1 },
      fold: stored.folds?.[i] ?? null,
    }),
  ).filter(({ a, b }) => crops[a] && crops[b]);
  if (pairs.length === 0) throw error('benchmark/no-crops', { name });
  const out = resolve(path);
  await makeFolder(format === 'bin' ? dirname(out) : out);
  const read = async (image: number): Promise<Uint8Array> => {
    if (signal.aborted) throw new Cancelled();
    const crop = defined(crops[image], 'a crop');
    return defined(await context.library.read('crops', crop), `crop ${crop}`);
  };
  if (format === 'bin') {
    async function* pictures(): AsyncGenerator<Uint8Array> {
      for (const { a, b } of pairs) {
        yield await read(a);
        yield await read(b);
      }
    }
    await writeBin(
      out,
      pictures(),
      pairs.map(({ same }) => same),
    );
    return { path: out, pairs: pairs.length, images: 2 * pairs.length };
  }
  const used = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].sort((a, b) => a - b);
  const folders = foldersOf(used.map((image) => people[image] ?? null));
  const files = new Map(
    used.map((image, i) => [image, `${folders[i] ?? 'crops'}/${String(image).padStart(7, '0')}.png`]),
  );
  const fileOf = (image: number): string => defined(files.get(image), 'a file');
  for (const folder of new Set(folders)) await makeFolder(join(out, folder));
  for (const image of used) await write(join(out, fileOf(image)), await read(image));
  await write(join(out, 'pairs.csv'), table(pairs, fileOf, groups));
  return { path: out, pairs: pairs.length, images: used.length };
}

/** A folder for each person, as their names allow; one for all where somebody is not known. */
function foldersOf(people: readonly (string | null)[]): string[] {
  if (people.includes(null)) return people.map(() => 'crops');
  const folders = new Map<string, string>();
  const taken = new Set<string>();
  return people.map((person) => {
    const name = person ?? '';
    const known = folders.get(name);
    if (known !== undefined) return known;
    const plain = name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 100) || 'person';
    // Some disks don't tell capitals from small letters.
    const folder = freeName(plain, (folder) => taken.has(folder.toLowerCase()), '_');
    taken.add(folder.toLowerCase());
    folders.set(name, folder);
    return folder;
  });
}

/** A row for each pair; folds are counted from 1, as people do. */
function table(
  pairs: readonly WholePair[],
  fileOf: (image: number) => string,
  groups: readonly (string | null)[],
): string {
  const folded = pairs.every(({ fold }) => fold !== null);
  const grouped = pairs.some(({ a }) => (groups[a] ?? null) !== null);
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const heads = ['a', 'b', 'same', ...(folded ? ['fold'] : []), ...(grouped ? ['group'] : [])];
  const rows = pairs.map(({ a, b, same, fold }) =>
    [
      ...[fileOf(a), fileOf(b), same ? '1' : '0'],
      ...(folded ? [String((fold ?? 0) + 1)] : []),
      ...(grouped ? [quoted(groups[a] ?? '')] : []),
    ].join(','),
  );
  return `${[heads.join(','), ...rows].join('\n')}\n`;
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content).catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
}
