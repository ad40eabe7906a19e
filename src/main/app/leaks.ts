import { availableParallelism } from 'node:os';
import { defined } from '../../core/base/assert.ts';
import { peopleOf, plainName } from '../../core/benchmarks/people.ts';
import type { LeakReport } from '../../core/contract/evaluations.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import type { ModelPlace } from '../jobs/align.ts';
import type { LeakSide, LeaksHost, LeaksSetup } from '../jobs/leaks.ts';
import {
  benchmarkRows,
  type ImageColumns,
  imageColumns,
  missingBenchmarkCrops,
} from '../store/benchmark-crops.ts';
import { benchmarkPairs, benchmarkTemplates } from '../store/benchmark-lists.ts';
import { missingVersionCrops } from '../store/cleanings.ts';
import { getLeaks, originalHashes, saveLeaks, sharedCrops, sharedOriginals } from '../store/leaks.ts';
import { getSettings } from '../store/settings.ts';
import { type VersionRow, versionRows } from '../store/version-pictures.ts';
import { versionIdentities } from '../store/versions.ts';
import { runJob } from '../workers/run.ts';
import { requireReady } from './benchmarks.ts';
import type { Context } from './context.ts';
import type { LeakFinder } from './evaluation-leaks.ts';
import type { JobReport } from './queue.ts';
import { requireVersion } from './versions.ts';
import { embedCrops } from './work/embed-crops.ts';

/** What a benchmark shares with a version; not 0 in `images` where a picture (1) or its person (2) is in both. */
export interface Leaks {
  readonly report: LeakReport;
  readonly images: Uint8Array;
}

/** Embeddings less like each other than this are not looked at for being one picture. */
const nearLimit = 0.7;
/** How alike crops of one picture are to the eye; see `alike`. */
const alikeLimit = 0.95;
/** Pictures that a report shows. */
const mostShown = 200;

const nothing: Pick<JobReport, 'progress' | 'log'> = { progress: () => {}, log: () => {} };

/** The last line of a stored report's model, so that another file of that name is not taken for it. */
const markOf = ({ card }: ModelPlace<EmbeddingCard>): string => `${card.id}@${card.sha256.slice(0, 12)}`;

/**
 * What a benchmark and a dataset version have in common: pictures (the same crop, the same file, or as good as the same to
 * the eye) and people (by name, or by their faces: a person's pictures are more like the middle of another's, in the mean,
 * than the model joins people at, and than chance would have it). What was found before is told again while the benchmark is as it was.
 * Embeddings that are missing are computed first.
 * Errors: `benchmark/unknown`, `benchmark/not-ready`, `version/unknown`, `Cancelled`.
 */
export async function findLeaks(
  context: Context,
  benchmark: number,
  version: number,
  report: Pick<JobReport, 'signal'> & Partial<JobReport>,
): Promise<Leaks> {
  const { store, shelf } = context;
  const ready = requireReady(store, benchmark);
  const { hash } = requireVersion(store, version);
  const model = shelf.embedding(null);
  const known = getLeaks(store, benchmark, hash, markOf(model));
  if (known !== null && known.benchmarkHash === ready.hash) return known;
  const found = await look(context, benchmark, version, model, { ...nothing, ...report });
  store.write((writer) =>
    saveLeaks(writer, { ...found, version, model: markOf(model), benchmarkHash: ready.hash }),
  );
  context.events.changed('evaluations');
  return found;
}

/** The same as measuring asks for it. */
export function leakFinder(context: Context): LeakFinder {
  return async ({ id }, version, report) => {
    const { report: count, images } = await findLeaks(context, id, version, report);
    return { count, images };
  };
}

async function look(
  context: Context,
  benchmark: number,
  version: number,
  model: ModelPlace<EmbeddingCard>,
  report: JobReport,
): Promise<Leaks> {
  const { store } = context;
  const { name, hash } = requireVersion(store, version);
  const images = imageColumns(store, benchmark);
  const flags = new Uint8Array(images.crops.length);
  const people = peopleIn(context, benchmark, images);
  const items = await embedded(context, benchmark, version, model, report);
  const shown = new Map<number, LeakReport['nearest'][number]>();
  const note = (image: number, versionCrop: string, similarity: number, same: 'picture' | 'person'): void => {
    const crop = images.crops[image] ?? null;
    if (crop !== null && !shown.has(image)) shown.set(image, { image, crop, versionCrop, similarity, same });
  };

  const crops = sharedCrops(store, benchmark, version);
  const originals = sharedOriginals(store, benchmark, version);
  for (const [image, original] of originalHashes(store, benchmark).entries()) {
    const crop = images.crops[image] ?? null;
    const other = crop !== null && crops.has(crop) ? crop : originals.get(original ?? '');
    if (other === undefined) continue;
    flags[image] = 1;
    note(image, other, 1, 'picture');
  }

  const known = new Set(
    [...versionIdentities(store, version).values()].flatMap((person) => plainName(person) ?? []),
  );
  const shared = new Set<number>();
  for (const [image, person] of images.people.entries()) {
    const plain = person === null ? null : plainName(person);
    if (plain !== null && known.has(plain)) shared.add(people[image] ?? -1);
  }

  const seen = await compare(context, benchmark, model, { images, people, items }, report);
  for (const { image, versionCrop, similarity, same } of seen) {
    if (same === 'picture') flags[image] = 1;
    else shared.add(people[image] ?? -1);
    note(image, versionCrop, similarity, same);
  }
  // Who is in a picture that both have is in both.
  for (const [image, flag] of flags.entries()) if (flag === 1) shared.add(people[image] ?? -1);
  for (const [image, person] of people.entries())
    if (flags[image] === 0 && shared.has(person)) flags[image] = 2;
  const nearest = [...shown.values()].sort(
    (a, b) => Number(b.same === 'picture') - Number(a.same === 'picture') || b.similarity - a.similarity,
  );
  return {
    images: flags,
    report: {
      ...{ benchmark, by: model.card.name, version: { id: version, name, hash } },
      pictures: flags.reduce((sum, flag) => sum + (flag === 1 ? 1 : 0), 0),
      people: shared.size,
      pairs: leakedPairs(context, benchmark, flags),
      nearest: nearest.slice(0, mostShown),
    },
  };
}

/** Whose each picture is: by names, by templates, and by pairs that are said to be the same. */
function peopleIn({ store }: Pick<Context, 'store'>, benchmark: number, images: ImageColumns): Int32Array {
  const templates = benchmarkTemplates(store, benchmark);
  if (templates !== null) {
    const names = [...images.people];
    for (const [i, image] of templates.members.image.entries()) {
      const subject = templates.templates[templates.members.template[i] ?? -1]?.subject ?? null;
      if (subject !== null) names[image] ??= `subject ${subject}`;
    }
    return peopleOf(names, new Int32Array(), new Uint8Array());
  }
  const pairs = benchmarkPairs(store, benchmark);
  return peopleOf(images.people, pairs?.pairs ?? new Int32Array(), pairs?.same ?? new Uint8Array());
}

/** Embeds what is missing on both sides; gives the version's pictures. */
async function embedded(
  context: Context,
  benchmark: number,
  version: number,
  model: ModelPlace<EmbeddingCard>,
  report: JobReport,
): Promise<VersionRow[]> {
  const { store } = context;
  const { id } = model.card;
  const sides = [
    (after: string, limit: number) => missingBenchmarkCrops(store, id, benchmark, after, limit),
    (after: string, limit: number) => missingVersionCrops(store, id, version, after, limit),
  ];
  for (const after of sides) {
    const total = after('', Number.MAX_SAFE_INTEGER).length;
    await embedCrops(context, model, { total, after }, report, (done) => report.progress(done, total));
  }
  return versionRows(store, id, version);
}

interface Sides {
  readonly images: ImageColumns;
  readonly people: Int32Array;
  readonly items: readonly VersionRow[];
}

/** What embeddings say: pictures that are one, and people who are, by their first picture. */
async function compare(
  context: Context,
  benchmark: number,
  model: ModelPlace<EmbeddingCard>,
  { images, people, items }: Sides,
  report: JobReport,
): Promise<readonly Omit<LeakReport['nearest'][number], 'crop'>[]> {
  const { store, library } = context;
  const { id, size, threshold, clusterThreshold } = model.card;
  const rows = benchmarkRows(store, id, benchmark);
  const mine = sideOf(
    [...rows.keys()].filter((image) => (rows[image] ?? -1) >= 0),
    (image) => people[image] ?? 0,
    (image) => rows[image] ?? 0,
  );
  const theirs = sideOf(
    [...items.keys()],
    (item) => items[item]?.identity ?? 0,
    (item) => items[item]?.row ?? 0,
  );
  if (mine.places.length === 0 || theirs.places.length === 0) return [];
  const found: Omit<LeakReport['nearest'][number], 'crop'>[] = [];
  const cropOf = (place: number): string => items[theirs.places[place] ?? -1]?.crop ?? '';
  const placeOf = (crop: string) => defined(library.locate('crops', crop), `the place of crop ${crop}`);
  const host: LeaksHost = {
    places: async (wanted) => ({
      benchmark: wanted.benchmark.map((place) => placeOf(images.crops[mine.places[place] ?? -1] ?? '')),
      version: wanted.version.map((place) => placeOf(cropOf(place))),
    }),
    save: async ({ nearest, similarity, picture, personSimilarity, chanceLimit }) => {
      const limit = Math.max(clusterThreshold ?? threshold, chanceLimit);
      for (const [place, image] of mine.places.entries()) {
        const alike = (personSimilarity[mine.side.people[place] ?? -1] ?? -1) >= limit;
        if (picture[place] !== 1 && !alike) continue;
        const same = picture[place] === 1 ? 'picture' : 'person';
        const versionCrop = cropOf(nearest[place] ?? -1);
        found.push({ image, versionCrop, similarity: similarity[place] ?? 0, same });
      }
    },
  };
  const setup: LeaksSetup = {
    ...{ file: library.vectorsPath(id), width: size, packsDir: library.packsDir },
    ...{ benchmark: mine.side, version: theirs.side, nearLimit, alikeLimit },
    threads: getSettings(store).threads ?? availableParallelism(),
  };
  await runJob({
    ...{ entry: context.workerEntry, kind: 'leaks', setup, host: { ...host } },
    ...{ signal: report.signal, onProgress: report.progress, onLog: report.log },
  });
  return found;
}

/** Pictures in the order of their people, whose numbers are made 0, 1, 2 …; `places` says which each is. */
function sideOf(
  all: readonly number[],
  personOf: (place: number) => number,
  rowOf: (place: number) => number,
): { readonly places: readonly number[]; readonly side: LeakSide } {
  const places = all.toSorted((a, b) => personOf(a) - personOf(b) || a - b);
  const numbers = new Map<number, number>();
  const people = Int32Array.from(places, (place) => {
    const person = personOf(place);
    const number = numbers.get(person) ?? numbers.size;
    numbers.set(person, number);
    return number;
  });
  return { places, side: { people, rows: Int32Array.from(places, rowOf) } };
}

/** Pairs with such a picture, or, in a benchmark of templates, with a template that has one. */
function leakedPairs({ store }: Pick<Context, 'store'>, benchmark: number, flags: Uint8Array): number {
  const pairs = benchmarkPairs(store, benchmark)?.pairs ?? new Int32Array();
  const templates = benchmarkTemplates(store, benchmark);
  let leaked = flags;
  if (templates !== null) {
    leaked = new Uint8Array(templates.templates.length);
    const { image, template } = templates.members;
    for (const [i, member] of image.entries()) if (flags[member] !== 0) leaked[template[i] ?? 0] = 1;
  }
  let count = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    if (leaked[pairs[i] ?? -1] || leaked[pairs[i + 1] ?? -1]) count++;
  }
  return count;
}
