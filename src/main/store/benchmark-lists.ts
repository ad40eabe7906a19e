import { assert } from '../../core/base/assert.ts';
import type { MegafaceList, Template, TemplateList } from '../../core/benchmarks/types.ts';
import type { Reader, Writer } from './database.ts';

/** What is asked of a benchmark's pictures: arrays by name. Places are positions of pictures unless said otherwise. */

const arrays = {
  /** Two and two: places of pictures; of templates in a benchmark of that kind. [n, 2] */
  pairs: Int32Array,
  /** 1 where a pair shows one person. [n] */
  same: Uint8Array,
  /** Of each pair, from 0; absent where the list has none. [n] */
  folds: Int16Array,
  /** The same of pairs to choose a threshold on, where the list has such. */
  'training-pairs': Int32Array,
  'training-same': Uint8Array,
  probes: Int32Array,
  'masked-probes': Int32Array,
  distractors: Int32Array,
  'noisy-probes': Int32Array,
  'noisy-distractors': Int32Array,
  /** Which picture belongs to which template, and to which medium in it. [m] each */
  'member-image': Int32Array,
  'member-template': Int32Array,
  'member-media': Int32Array,
  /** The list's own numbers of templates and of whom they show; −1 where that is not said. */
  'template-id': Int32Array,
  'template-subject': Int32Array,
  /** Templates that are searched for, and the galleries one after another with how long each is. */
  'template-probes': Int32Array,
  'gallery-templates': Int32Array,
  'gallery-lengths': Int32Array,
  /** JSON in UTF-8: the galleries' names. */
  'gallery-names': Uint8Array,
} as const;
export type ArrayName = keyof typeof arrays;
export type ListArray = Int32Array | Int16Array | Uint8Array;
type ArrayOf<Name extends ArrayName> = (typeof arrays)[Name] extends Int32ArrayConstructor
  ? Int32Array
  : (typeof arrays)[Name] extends Int16ArrayConstructor
    ? Int16Array
    : Uint8Array;
/** A list without its pictures. */
export type ListArrays = { readonly [Name in ArrayName]?: ArrayOf<Name> };

export const arrayNames = Object.keys(arrays).sort() as readonly ArrayName[];

/** Pairs in columns. */
export interface StoredPairs {
  /** [n, 2] */
  readonly pairs: Int32Array;
  /** [n] */
  readonly same: Uint8Array;
  /** [n], from 0; null where the list has none. */
  readonly folds: Int16Array | null;
}

export const bytesOf = (array: ListArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export function putArrays(writer: Writer, benchmark: number, list: ListArrays): void {
  for (const name of arrayNames) {
    const array = list[name];
    if (array === undefined) continue;
    writer.run(
      `INSERT INTO benchmark_array (benchmark_id, name, data) VALUES (?, ?, ?)
       ON CONFLICT (benchmark_id, name) DO UPDATE SET data = excluded.data`,
      [benchmark, name, bytesOf(array)],
    );
  }
}

export function clearArrays(writer: Writer, benchmark: number): void {
  writer.run('DELETE FROM benchmark_array WHERE benchmark_id = ?', [benchmark]);
}

/** Whether the list is in: its arrays are written last, and each kind has some. */
export function isListed(reader: Reader, benchmark: number): boolean {
  const found = reader.get('SELECT 1 FROM benchmark_array WHERE benchmark_id = ? LIMIT 1', [benchmark]);
  return found !== undefined;
}

/** One array of a list; null where it has none of that name. */
export function getArray<Name extends ArrayName>(
  reader: Reader,
  benchmark: number,
  name: Name,
): ArrayOf<Name> | null {
  const row = reader.get<{ data: Uint8Array }>(
    'SELECT data FROM benchmark_array WHERE benchmark_id = ? AND name = ?',
    [benchmark, name],
  );
  if (row === undefined) return null;
  const { buffer } = new Uint8Array(row.data); // its own buffer, which begins where whole numbers may
  const { [name]: Type } = arrays;
  return new Type(buffer) as ArrayOf<Name>;
}

/** The pairs of pictures to choose a threshold on; null where a list has none of its own. */
export function trainingPairs(reader: Reader, benchmark: number): Omit<StoredPairs, 'folds'> | null {
  const pairs = getArray(reader, benchmark, 'training-pairs');
  const same = getArray(reader, benchmark, 'training-same');
  if (pairs === null || same === null) return null;
  assert(pairs.length === 2 * same.length, 'two pictures in a pair');
  return { pairs, same };
}

/** The pairs of a benchmark: of pictures, or of templates in one of that kind. Null where it has none. */
export function benchmarkPairs(reader: Reader, benchmark: number): StoredPairs | null {
  const pairs = getArray(reader, benchmark, 'pairs');
  const same = getArray(reader, benchmark, 'same');
  if (pairs === null || same === null) return null;
  assert(pairs.length === 2 * same.length, 'two pictures in a pair');
  return { pairs, same, folds: getArray(reader, benchmark, 'folds') };
}

const none = new Int32Array();

/** A MegaFace benchmark's parts; null in others. */
export function benchmarkMegaface(
  reader: Reader,
  benchmark: number,
): Omit<MegafaceList, 'kind' | 'images'> | null {
  const probes = getArray(reader, benchmark, 'probes');
  if (probes === null) return null;
  return {
    probes,
    maskedProbes: getArray(reader, benchmark, 'masked-probes'),
    distractors: getArray(reader, benchmark, 'distractors') ?? none,
    noisyProbes: getArray(reader, benchmark, 'noisy-probes') ?? none,
    noisyDistractors: getArray(reader, benchmark, 'noisy-distractors') ?? none,
  };
}

/** A template benchmark's parts; null in others. */
export function benchmarkTemplates(
  reader: Reader,
  benchmark: number,
): Omit<TemplateList, 'kind' | 'images'> | null {
  const ids = getArray(reader, benchmark, 'template-id');
  if (ids === null) return null;
  const subjects = getArray(reader, benchmark, 'template-subject') ?? none;
  const templates = Array.from(ids, (id, place): Template => {
    const subject = subjects[place] ?? -1;
    return { id, subject: subject < 0 ? null : subject };
  });
  const stored = benchmarkPairs(reader, benchmark);
  const all = getArray(reader, benchmark, 'gallery-templates') ?? none;
  const names: string[] = JSON.parse(
    new TextDecoder().decode(getArray(reader, benchmark, 'gallery-names') ?? new Uint8Array([91, 93])),
  );
  let start = 0;
  const galleries = Array.from(getArray(reader, benchmark, 'gallery-lengths') ?? none, (length, place) => {
    const gallery = { name: names[place] ?? String(place + 1), templates: all.slice(start, start + length) };
    start += length;
    return gallery;
  });
  return {
    templates,
    galleries,
    members: {
      image: getArray(reader, benchmark, 'member-image') ?? none,
      template: getArray(reader, benchmark, 'member-template') ?? none,
      media: getArray(reader, benchmark, 'member-media') ?? none,
    },
    pairs: stored && {
      a: stored.pairs.filter((_, i) => i % 2 === 0),
      b: stored.pairs.filter((_, i) => i % 2 === 1),
      same: stored.same,
    },
    probes: getArray(reader, benchmark, 'template-probes'),
  };
}
