import { extname, resolve } from 'node:path';
import type { Client, Input } from '../../../../core/contract/api.ts';
import {
  type EvaluationResult,
  leakTreatments,
  protocolNames,
} from '../../../../core/contract/evaluations.ts';
import {
  errorWords,
  figureText,
  headline,
  headlineName,
  leakText,
  leftOutText,
  protocolName,
} from '../../../../core/report/evaluation-words.ts';
import { percent } from '../../../../core/report/words.ts';
import { type Call, type Command, count, oneOf, table, text, texts, UsageError } from '../command.ts';
import { follow } from '../follow.ts';
import { runOf } from '../follow-run.ts';
import { versionOf } from './training-versions.ts';

type Wish = Input<'evaluations.start'>;

/** `NAME`, or `NAME@best`, `NAME@last`, `NAME@all`, `NAME@1200`. */
async function runWish(call: Call, word: string): Promise<NonNullable<Wish['runs']>[number]> {
  const [, name = word, at = 'best'] = /^(.*)@(best|last|all|\d+)$/.exec(word) ?? [];
  const { id } = await runOf(call, name);
  return { run: id, checkpoint: at === 'best' || at === 'last' || at === 'all' ? at : Number(at) };
}

function ensembleOf(word: string): string[] {
  const models = word.split('+').filter((id) => id !== '');
  if (models.length < 2) throw new UsageError(`--ensemble takes models with + between them, not “${word}”`);
  return models;
}

async function benchmarksOf(client: Client, words: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for (const name of words) found.push((await client.call('benchmarks.find', { name })).id);
  return found;
}

async function wishOf(call: Call): Promise<Wish> {
  const { client, options } = call;
  const names = texts(options, 'benchmark');
  if (names.length === 0) throw new UsageError('--benchmark is missing: on what is to be measured?');
  const runs: NonNullable<Wish['runs']>[number][] = [];
  for (const word of texts(options, 'run')) runs.push(await runWish(call, word));
  const wished = texts(options, 'protocol').map((word) => {
    const found = protocolNames.find((name) => name === word);
    if (found === undefined)
      throw new UsageError(`--protocol takes ${protocolNames.join(', ')}, not “${word}”`);
    return found;
  });
  const version = text(options, 'trained-on');
  const [resamples, seed] = [count(options, 'resamples', 100), count(options, 'seed', 0)];
  const leaks = oneOf(options, 'leaks', leakTreatments);
  const wish: Wish = {
    ...{
      models: [...texts(options, 'model')],
      runs,
      files: texts(options, 'file').map((path) => resolve(path)),
    },
    ensembles: texts(options, 'ensemble').map(ensembleOf),
    benchmarks: await benchmarksOf(client, names),
    ...(wished.length > 0 && { protocols: wished }),
    ...{ flip: options['flip'] === true, again: options['again'] === true },
    ...(resamples !== null && { resamples }),
    ...(seed !== null && { seed }),
    ...(leaks !== null && { leaks }),
    trainedOn: version === null ? null : (await versionOf(client, version)).id,
  };
  const { models = [], files = [], ensembles = [] } = wish;
  if (models.length + runs.length + files.length + ensembles.length === 0)
    throw new UsageError('--model, --run, --file or --ensemble says what is to be measured');
  return wish;
}

function resultTable(results: readonly EvaluationResult[]): string {
  const heads = ['', 'model', 'benchmark', 'protocol', 'pairs', 'figure', '95 %', '±', 'threshold', ''];
  const rows = results.map((result) => {
    const { id, subject, benchmark, pairs, verification } = result;
    const value = headline(result);
    const name = headlineName(result);
    return [
      ...[id, subject.name, benchmark.name, protocolName(result), pairs],
      value === null ? 'not measurable' : `${percent(value, 2)}${name === 'accuracy' ? '' : ` ${name}`}`,
      verification === null ? '' : figureText(verification.accuracy).replace(/^\S+ /, ''),
      errorWords(result)?.replace('± ', '') ?? '',
      verification === null ? '' : verification.threshold.toFixed(4),
      result.outdated ? 'outdated' : '',
    ];
  });
  return table(heads, rows);
}

/** What has to be known beside a figure. */
function notes(results: readonly EvaluationResult[]): string[] {
  return results.flatMap((result) => {
    const { subject, benchmark, leak } = result;
    const left = leftOutText(result);
    const shared = leak !== null && leak.pairs > 0 ? [leakText(leak)] : [];
    const told = [...(left === '' ? [] : [`left out: ${left}`]), ...shared];
    return told.length === 0 ? [] : [`${subject.name} on ${benchmark.name}: ${told.join('; ')}`];
  });
}

async function evaluate(call: Call) {
  const { client, signal } = call;
  const wish = await wishOf(call);
  const job = await follow(call, await client.call('evaluations.start', wish, { signal }));
  const all = await client.call('evaluations.list', {});
  const results = all.filter(
    ({ benchmark, protocol }) =>
      wish.benchmarks.some((id) => id === benchmark.id) &&
      (wish.protocols ?? protocolNames).includes(protocol),
  );
  const { measured = 0, known = 0, failed = 0, embedded = 0 } = job.summary;
  const done = `${measured} measured, ${known} known before, ${embedded} pictures embedded`;
  const lines = [
    ...(failed > 0 ? [`${done}, ${failed} failed:`, ...job.logTail] : [done]),
    ...(results.length > 0 ? [resultTable(results), ...notes(results)] : []),
  ];
  return { json: { job, results }, text: lines.join('\n'), failed: failed > 0 };
}

/** The format that a file's name asks for. */
const formats = { csv: 'csv', json: 'json', md: 'markdown', html: 'html', htm: 'html' } as const;

function formatOf({ options }: Call, out: string | null): 'csv' | 'json' | 'markdown' | 'html' {
  const given = oneOf(options, 'format', ['csv', 'json', 'markdown', 'html']);
  if (given !== null) return given;
  const ending = Object.entries(formats).find(([name]) => out !== null && extname(out) === `.${name}`);
  return ending?.[1] ?? 'html';
}

function numbersOf(words: readonly string[]): number[] {
  return words.map((word) => {
    const number = Number(word);
    if (!Number.isInteger(number) || number < 1) throw new UsageError(`“${word}” is no measurement's number`);
    return number;
  });
}

export const evaluationCommands: readonly Command[] = [
  {
    name: 'evaluate',
    usage: '(--model ID | --run NAME[@STEP] | --file PATH | --ensemble ID+ID)… --benchmark NAME…',
    about: 'measure networks on benchmarks by the protocols of face.evoLVe and FaceX-Zoo and an exact one',
    words: [0, 0],
    options: {
      model: { type: 'string', multiple: true, about: 'a model; give it again for more, as all of these' },
      run: {
        type: 'string',
        multiple: true,
        about: 'a run; @best (usual), @last, @all or @STEP its checkpoint',
      },
      file: {
        type: 'string',
        multiple: true,
        about: 'an .onnx file with its card beside it, or a folder of them',
      },
      ensemble: { type: 'string', multiple: true, about: 'models with + between: their embeddings together' },
      benchmark: { type: 'string', multiple: true, about: 'its name, or the first characters of its hash' },
      protocol: { type: 'string', multiple: true, about: `${protocolNames.join(', ')} (all of them)` },
      flip: { type: 'boolean', about: 'add the mirrored crop’s embedding in the standard protocol' },
      resamples: { type: 'string', about: 'for the intervals (1000)' },
      seed: { type: 'string', about: 'of the resamples (0)' },
      leaks: { type: 'string', about: 'what training data shares: ignore, count (usual) or exclude' },
      'trained-on': { type: 'string', about: 'the version of models that don’t say it' },
      again: { type: 'boolean', about: 'measure again what is measured' },
    },
    run: evaluate,
  },
  {
    name: 'evaluation list',
    usage: '[--benchmark NAME] [--all]',
    about: 'list what was measured, the newest first',
    words: [0, 0],
    options: {
      benchmark: { type: 'string', about: 'on this benchmark only' },
      all: { type: 'boolean', about: 'also what was measured again since' },
    },
    run: async ({ client, options }) => {
      const name = text(options, 'benchmark');
      const benchmark = name === null ? null : (await client.call('benchmarks.find', { name })).id;
      const results = await client.call('evaluations.list', { benchmark, all: options['all'] === true });
      const lines = [resultTable(results), ...notes(results)];
      return { json: results, text: results.length === 0 ? 'nothing was measured yet' : lines.join('\n') };
    },
  },
  {
    name: 'evaluation remove',
    usage: 'NUMBER…',
    about: 'forget measurements',
    words: [1, 1000],
    run: async ({ client, words }) => {
      const evaluations = numbersOf(words);
      await client.call('evaluations.remove', { evaluations });
      return { json: { removed: evaluations }, text: `${evaluations.length} removed` };
    },
  },
  {
    name: 'report',
    usage: '[NUMBER…] [--out FILE] [--format html|csv|json|markdown]',
    about: 'write a report of measurements; of the last of everything where none is named',
    words: [0, 1000],
    options: {
      out: { type: 'string', about: 'the file (one in the data folder)' },
      format: { type: 'string', about: 'html, csv, json or markdown (what the file’s name says, or html)' },
      title: { type: 'string', about: 'its title' },
    },
    run: async (call) => {
      const { client, words, options } = call;
      const out = text(options, 'out');
      const { file } = await client.call('evaluations.report', {
        evaluations: words.length === 0 ? null : numbersOf(words),
        ...{ format: formatOf(call, out), title: text(options, 'title') },
        path: out === null ? null : resolve(out),
      });
      return { json: { file }, text: file };
    },
  },
];
