import { resolve } from 'node:path';
import type { Client } from '../../../../core/contract/api.ts';
import {
  type Benchmark,
  type BenchmarkReading,
  benchmarkAlignments,
} from '../../../../core/contract/benchmarks.ts';
import { type Call, type Command, count, oneOf, table, text } from '../command.ts';
import { follow } from '../follow.ts';
import { versionOf } from './training-versions.ts';

/** The benchmark of a name, a hash or its first characters. */
export function benchmarkOf(client: Client, word: string | undefined): Promise<Benchmark> {
  return client.call('benchmarks.find', { name: word ?? '' });
}

const words = (parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(', ');

const sized = ({ images, pairs, people, folds, groups }: BenchmarkReading | Benchmark): string =>
  words([
    `${images} pictures`,
    people === null ? null : `${people} people`,
    pairs === 0 ? null : `${pairs} pairs`,
    folds === null ? null : `${folds} folds`,
    groups.length === 0 ? null : `groups ${groups.join(', ')}`,
  ]);

function readingLines(readings: readonly BenchmarkReading[]): string {
  if (readings.length === 0) return 'This is nothing that is known as a benchmark.';
  return readings
    .map(({ format, title, alignment, missing, usable, ...reading }) =>
      [
        `${format}: ${title}${usable ? '' : ' (not usable as it is)'}`,
        `  ${sized({ format, title, alignment, missing, usable, ...reading })}; ${alignment === 'aligned' ? 'aligned crops' : 'photographs'}`,
        ...missing.map((line) => `  missing: ${line}`),
      ].join('\n'),
    )
    .join('\n');
}

function listTable(all: readonly Benchmark[]): string {
  if (all.length === 0) return 'No benchmarks yet. `lineament benchmark import PATH` reads one.';
  const rows = all.map(({ name, kind, hash, images, pairs, folds, problems, marked }) => [
    ...[name, kind, hash?.slice(0, 12) ?? 'being read', images, pairs, folds ?? '–', problems, marked],
  ]);
  return table(['name', 'kind', 'hash', 'pictures', 'pairs', 'folds', 'problems', 'marked'], rows);
}

function shownLines(benchmark: Benchmark): string {
  const { name, title, hash, source, alignment, problems, lostPairs, samePairs, marked } = benchmark;
  return [
    `${name}: ${title}`,
    sized(benchmark),
    `${samePairs} pairs of one person; ${lostPairs} can’t be scored, for ${problems} pictures have no crop; ${marked} are marked as mislabelled`,
    alignment === 'aligned' ? 'pictures are aligned crops' : 'faces were found and aligned',
    `source: ${source}`,
    `hash: ${hash ?? 'not yet: pictures are missing'}`,
  ].join('\n');
}

async function recognise({ client, words: [path], options }: Call) {
  const images = text(options, 'images');
  const readings = await client.call('benchmarks.recognise', {
    path: resolve(path ?? '.'),
    images: images === null ? null : resolve(images),
  });
  return { json: readings, text: readingLines(readings), failed: !readings.some(({ usable }) => usable) };
}

async function importOne(call: Call) {
  const { client, options } = call;
  const images = text(options, 'images');
  const { benchmark, job } = await client.call('benchmarks.import', {
    path: resolve(call.words[0] ?? '.'),
    images: images === null ? null : resolve(images),
    format: text(options, 'as'),
    name: text(options, 'name'),
    alignment: oneOf(options, 'pictures', benchmarkAlignments),
  });
  await follow(call, job);
  const read = await client.call('benchmarks.get', { benchmark });
  return { json: read, text: shownLines(read) };
}

async function show({ client, words: [name], options, signal }: Call) {
  const benchmark = await benchmarkOf(client, name);
  if (options['alignment'] !== true) return { json: benchmark, text: shownLines(benchmark) };
  const check = await client.call('benchmarks.alignment', { benchmark: benchmark.id }, { signal });
  const { verdict, found, looked, scale, turn, shift, error, advice } = check;
  const [x, y] = shift;
  const figures = `scale ${scale.toFixed(3)}, turn ${turn.toFixed(1)}°, shift ${x.toFixed(1)}, ${y.toFixed(1)} pixels, error ${error.toFixed(3)}`;
  const line = `alignment: ${verdict} (${found} of ${looked} faces found again; ${figures}). ${advice}`;
  return {
    json: { ...benchmark, alignmentCheck: check },
    text: `${shownLines(benchmark)}\n${line}`,
    failed: verdict === 'off',
  };
}

async function build({ client, words: [name], options }: Call) {
  const { id } = await versionOf(client, name);
  const [pairs, folds, seed] = [
    count(options, 'pairs', 2),
    count(options, 'folds', 2),
    count(options, 'seed', 0),
  ];
  const made = await client.call('benchmarks.build', {
    ...{ version: id, name: text(options, 'name') },
    ...(pairs !== null && { pairs }),
    ...(folds !== null && { folds }),
    ...(seed !== null && { seed }),
  });
  return { json: made, text: shownLines(made) };
}

async function exportOne({ client, words: [name, path], options, signal }: Call) {
  const { id } = await benchmarkOf(client, name);
  const format = oneOf(options, 'format', ['bin', 'folder'] as const);
  const input = { benchmark: id, path: resolve(path ?? ''), ...(format !== null && { format }) };
  const made = await client.call('benchmarks.export', input, { signal });
  return { json: made, text: `${made.pairs} pairs of ${made.images} pictures in ${made.path}` };
}

const imagesOption = {
  images: { type: 'string', about: 'the folder or archive of the pictures, if not beside the list' },
} as const;

export const benchmarkCommands: readonly Command[] = [
  {
    name: 'benchmark recognise',
    usage: 'PATH [--images FOLDER]',
    about: 'what a folder, file or archive may be as a benchmark, and what it lacks',
    words: [1, 1],
    options: imagesOption,
    run: recognise,
  },
  {
    name: 'benchmark import',
    usage: 'PATH [--as FORMAT] [--name NAME] [--images FOLDER] [--pictures aligned|detect]',
    about: 'read a benchmark: LFW and its kin, RFW, MegaFace, IJB, .bin, .rec, arrays, a table of pairs',
    words: [1, 1],
    options: {
      as: { type: 'string', about: 'what to take it for (see benchmark recognise)' },
      name: { type: 'string', about: 'its name here' },
      ...imagesOption,
      pictures: { type: 'string', about: 'aligned crops, or photographs to detect faces in' },
    },
    run: importOne,
  },
  {
    name: 'benchmark list',
    usage: '',
    about: 'the benchmarks',
    words: [0, 0],
    run: async ({ client }) => {
      const all = await client.call('benchmarks.list', {});
      return { json: all, text: listTable(all) };
    },
  },
  {
    name: 'benchmark show',
    usage: 'NAME [--alignment]',
    about: 'one benchmark; with --alignment, whether its crops lie as networks expect them',
    words: [1, 1],
    options: { alignment: { type: 'boolean', about: 'find faces again in some crops' } },
    run: show,
  },
  {
    name: 'benchmark build',
    usage: 'VERSION [--name NAME] [--pairs N] [--folds N] [--seed N]',
    about: 'draw pairs of a dataset version, in folds that share no person',
    words: [1, 1],
    options: {
      name: { type: 'string', about: 'its name' },
      pairs: { type: 'string', about: 'how many, half of one person and half of two (6000)' },
      folds: { type: 'string', about: 'in how many folds (10)' },
      seed: { type: 'string', about: 'another seed draws others (0)' },
    },
    run: build,
  },
  {
    name: 'benchmark export',
    usage: 'NAME PATH [--format bin|folder]',
    about: 'write the crops and pairs: InsightFace’s .bin, or a folder with pairs.csv',
    words: [2, 2],
    options: { format: { type: 'string', about: 'bin (as it is) or folder' } },
    run: exportOne,
  },
  {
    name: 'benchmark remove',
    usage: 'NAME',
    about: 'forget a benchmark and its crops; results and originals stay',
    words: [1, 1],
    run: async ({ client, words: [name] }) => {
      const { id, name: whole } = await benchmarkOf(client, name);
      await client.call('benchmarks.remove', { benchmark: id });
      return { json: { removed: id }, text: `${whole} is forgotten.` };
    },
  },
];
