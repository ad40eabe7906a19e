import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Cancelled, error, LineamentError } from '../../core/base/errors.ts';
import type { BenchmarkList } from '../../core/benchmarks/types.ts';
import type { BenchmarkAlignment } from '../../core/contract/benchmarks.ts';
import { probeImage } from '../images/probe.ts';
import { arrayCandidates } from './array-candidates.ts';
import { type Place, pairCandidates } from './pair-lists.ts';
import { messageOf } from './read-file.ts';
import type { BenchmarkPictures, Candidate, RecognisedBenchmark } from './reading.ts';
import { setCandidates } from './set-lists.ts';
import { type Survey, surveyFolder } from './survey.ts';

export interface RecogniseOptions {
  /** Where the pictures are, if not beside the list. */
  readonly images?: string | null;
  readonly signal?: AbortSignal;
}

/** More readings of one folder than anybody wants to choose from. */
const mostReadings = 40;
/** Pictures that are looked at to tell crops from photographs. */
const lookedAt = 16;
/** Pictures that are looked for to tell whether those of a list are there; more are drawn evenly from it. */
const lookedFor = 20_000;

/**
 * What a folder or file may be, the likeliest first: those that are whole before those that lack something, each with what was found
 * and what is missing. Empty where it is nothing that is known. Errors: file/cannot-read, benchmark/too-many-files, `Cancelled`.
 */
export async function recogniseBenchmark(
  path: string,
  options: RecogniseOptions = {},
): Promise<readonly RecognisedBenchmark[]> {
  const found: RecognisedBenchmark[] = [];
  for (const candidate of (await candidatesOf(path, options)).slice(0, mostReadings)) {
    if (options.signal?.aborted) throw new Cancelled();
    found.push(await judge(candidate));
  }
  const rank = ({ usable, missing }: RecognisedBenchmark): number =>
    (usable ? 0 : 2) + (missing.length > 0 ? 1 : 0);
  return found.toSorted((one, other) => rank(one) - rank(other));
}

/** All that might be read at a path. A file is looked at with its folder, for what belongs to it. */
export async function candidatesOf(path: string, { images, signal }: RecogniseOptions): Promise<Candidate[]> {
  const absolute = resolve(path);
  const stats = await stat(absolute).catch((thrown: unknown) => {
    throw error('file/cannot-read', { path: absolute, detail: messageOf(thrown) }, thrown);
  });
  const root = stats.isDirectory() ? absolute : dirname(absolute);
  const beside = await surveyFolder(root, signal);
  const pictures =
    images === null || images === undefined ? beside : await surveyFolder(resolve(images), signal);
  if (stats.isDirectory()) {
    const isArray = beside.others.includes('meta/storage') && beside.others.includes('meta/sizes');
    // the folder of an array itself: its list lies beside it
    if (isArray) return shortFormats(arrayCandidates(await surveyTop(absolute)));
    return candidatesIn({ lists: beside, pictures });
  }
  const name = basename(absolute);
  return candidatesIn({ lists: { ...beside, others: wholeOf(name, beside) }, pictures });
}

/** A chosen file, and what of its folder belongs to it. */
function wholeOf(name: string, { others }: Survey): readonly string[] {
  if (
    /\.json(_\d+_\d+)?$|_noises\.txt$|face_tid_mid|template_pair|5pts_score|_1N_|_11_|verify_|search_|Pair_list_/i.test(
      name,
    )
  )
    return others;
  const list = name.replace(/\.npy$/i, '_list.npy');
  return others.filter((path) => path === name || path === list);
}

/** The files of the folder above, as far as they belong to an array. */
async function surveyTop(folder: string): Promise<Survey> {
  const root = dirname(folder);
  const name = basename(folder);
  const list = `${name}_list.npy`;
  const isThere = (await stat(resolve(root, list)).catch(() => null))?.isFile() ?? false;
  return {
    root,
    pictures: [],
    others: [`${name}/meta/storage`, `${name}/meta/sizes`, ...(isThere ? [list] : [])],
  };
}

async function candidatesIn(place: Place): Promise<Candidate[]> {
  return shortFormats([
    ...(await pairCandidates(place)),
    ...setCandidates(place),
    ...arrayCandidates(place.lists),
  ]);
}

/** Where there is one of a kind its name is enough. */
function shortFormats(found: readonly Candidate[]): Candidate[] {
  const counts = new Map<string, number>();
  for (const { format } of found) counts.set(kindOf(format), (counts.get(kindOf(format)) ?? 0) + 1);
  return found.map((one) =>
    counts.get(kindOf(one.format)) === 1 ? { ...one, format: kindOf(one.format) } : one,
  );
}

const kindOf = (format: string): string => format.replace(/:.*$/s, '');

/** Loads a candidate and says what it has. What cannot be read is a reading that is not usable, and says why. */
async function judge(candidate: Candidate): Promise<RecognisedBenchmark> {
  const { format, title, name } = candidate;
  const nothing = {
    kind: kindOfFormat(format),
    images: 0,
    pairs: 0,
    people: null,
    folds: null,
    groups: [],
  } as const;
  const none = { ...nothing, format, title, name, alignment: 'detect', usable: false, samples: [] } as const;
  if (candidate.missing.length > 0) return { ...none, missing: candidate.missing, problems: [] };
  let pictures: BenchmarkPictures | null = null;
  try {
    const loaded = await candidate.load();
    pictures = loaded.pictures;
    return await describe(candidate, loaded.list, pictures);
  } catch (thrown) {
    if (!(thrown instanceof LineamentError)) throw thrown;
    return { ...none, missing: [], problems: [thrown.message] };
  } finally {
    await pictures?.close();
  }
}

async function describe(
  { format, title, name }: Candidate,
  list: BenchmarkList,
  pictures: BenchmarkPictures,
): Promise<RecognisedBenchmark> {
  const { images } = list;
  const looked = evenly(images, lookedFor);
  const there = looked.filter(({ key }) => pictures.has(key));
  const lost = looked.length - there.length;
  const first = looked.find(({ key }) => !pictures.has(key))?.key ?? '';
  const of =
    looked.length < images.length ? ` of ${looked.length} that were looked for` : ` of ${images.length}`;
  const missing = lost === 0 ? [] : [`${lost}${of} pictures are not there, such as ${first}`];
  const samples = evenly(there, lookedAt).map(({ key }) => key);
  const people = new Set(images.flatMap(({ person }) => (person === null ? [] : [person]))).size;
  const verification = list.kind === 'verification' ? list : null;
  const pairs = verification?.pairs.length ?? (list.kind === 'ijb' ? (list.pairs?.same.length ?? 0) : 0);
  return {
    ...{ format, title, name, kind: list.kind === 'ijb' ? 'templates' : list.kind },
    ...{ images: images.length, pairs, people: people === 0 ? null : people },
    ...{ folds: verification?.folds ?? null, groups: verification?.groups ?? [], missing },
    alignment: await alignmentOf(pictures, samples),
    usable: there.length > 0,
    problems: problemsOf(list),
    samples,
  };
}

function kindOfFormat(format: string): RecognisedBenchmark['kind'] {
  return format.startsWith('ijb') ? 'templates' : format.startsWith('megaface') ? 'megaface' : 'verification';
}

/** As many items, evenly from all; all where there are no more. */
function evenly<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor((i * items.length) / count)] ?? items[0],
  ).filter((item) => item !== undefined);
}

/** What is strange about a list that can be read. */
function problemsOf(list: BenchmarkList): string[] {
  if (list.kind !== 'verification') return [];
  const same = list.pairs.filter((pair) => pair.same).length;
  const itself = list.pairs.filter(({ a, b }) => a === b).length;
  const problems = [];
  if (same === 0 || same === list.pairs.length)
    problems.push(
      `All ${list.pairs.length} pairs are of ${same === 0 ? 'two people' : 'one person'}: nothing can be told apart.`,
    );
  if (itself > 0) problems.push(`${itself} pairs are of a picture with itself.`);
  return problems;
}

/** Crops are square, all of one size, and small; photographs are not. */
export async function alignmentOf(
  pictures: BenchmarkPictures,
  samples: readonly string[],
): Promise<BenchmarkAlignment> {
  const sizes = new Set<string>();
  let isSmall = samples.length > 0;
  for (const key of samples) {
    const place = pictures.place(key);
    try {
      const { width, height } = await probeImage(place ?? (await pictures.open(key)), { name: key });
      sizes.add(`${width}×${height}`);
      isSmall &&= width === height && width <= 160;
    } catch (thrown) {
      if (!(thrown instanceof LineamentError)) throw thrown; // a damaged picture tells nothing
    }
  }
  return isSmall && sizes.size === 1 ? 'aligned' : 'detect';
}
