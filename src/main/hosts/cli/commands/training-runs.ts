import type { Client } from '../../../../core/contract/api.ts';
import type { Run } from '../../../../core/contract/runs.ts';
import { recipeDifferences } from '../../../../core/recipe/difference.ts';
import { percent } from '../../../../core/report/words.ts';
import { type Call, type Command, count, table, text, texts, UsageError } from '../command.ts';
import { destination, destinationOf } from '../destination.ts';
import { followRun, runOf } from '../follow-run.ts';
import { readRecipe, withSettings } from '../read-recipe.ts';

/** Steps that are asked for at once. */
const stretch = 20_000;

function stateOf({ state, reason }: Run): string {
  return reason === null || reason === 'paused' ? state : `${state} (${reason})`;
}

function figures(run: Run): (string | number)[] {
  return [
    ...[run.id, run.name, stateOf(run), `${run.step}/${run.steps}`],
    run.loss === null ? '' : run.loss.toFixed(3),
    run.best === null ? '' : percent(run.best.accuracy, 2),
    `${run.backbone} ${run.head}`,
    run.version.name,
  ];
}
const figureHeads = ['', 'name', 'state', 'step', 'loss', 'best', 'network', 'data'];

/** A row for each step, with the columns by name, the head's figures at the end; what is not finite is null. */
async function metricRows(client: Client, run: number): Promise<Readonly<Record<string, number | null>>[]> {
  const rows: Record<string, number | null>[] = [];
  for (let from = 1; ; from += stretch) {
    const asked = { run, from, to: from + stretch, points: stretch };
    const { steps, columns, end } = await client.call('runs.series', asked);
    for (const [i, step] of steps.entries()) {
      const row: Record<string, number | null> = { step };
      for (const [name, column] of Object.entries(columns)) row[name] = column.mean[i] ?? null;
      rows.push(row);
    }
    if (from + stretch >= end) return rows;
  }
}

/** The checkpoint that `--checkpoint` says. */
export function checkpointOf(call: Call): 'best' | 'last' | number {
  const wanted = text(call.options, 'checkpoint');
  if (wanted === null || wanted === 'best') return 'best';
  return wanted === 'last' ? 'last' : (count(call.options, 'checkpoint', 0) ?? 0);
}

/** `run pause`, `run stop`, `run remove`. */
function simple(verb: 'pause' | 'stop' | 'remove', about: string, done: string): Command {
  return {
    ...{ name: `run ${verb}`, usage: 'RUN', about, words: [1, 1] },
    run: async (call) => {
      const { id, name } = await runOf(call, call.words[0]);
      await call.client.call(`runs.${verb}`, { run: id });
      return { json: { run: id, name }, text: `${done} ${name}.` };
    },
  };
}

export const runCommands: readonly Command[] = [
  {
    name: 'runs list',
    usage: '',
    about: 'list the runs',
    words: [0, 0],
    run: async ({ client }) => {
      const runs = await client.call('runs.list', {});
      return {
        json: runs,
        text: runs.length === 0 ? 'There are no runs.' : table(figureHeads, runs.map(figures)),
      };
    },
  },
  {
    name: 'runs show',
    usage: 'RUN',
    about: 'show a run, by its name or number: recipe, checkpoints, validations',
    words: [1, 1],
    run: async (call) => {
      const run = await call.client.call('runs.get', { run: (await runOf(call, call.words[0])).id });
      const evaluations = await call.client.call('runs.evaluations', { run: run.id });
      const lines = [
        table(figureHeads, [figures(run)]),
        ...(run.error === null ? [] : [`${run.error.message} ${run.error.hint}`]),
        ...(run.parent === null ? [] : [`forked from ${run.parent.name} at step ${run.parent.step}`]),
        `dataset version ${run.version.name}, ${run.version.hash}; files in ${run.folder}`,
        `checkpoints: ${run.checkpoints.map(({ step, best }) => `${step}${best ? ' (best)' : ''}`).join(', ') || 'none yet'}`,
        table(
          ['step', 'set', 'pairs', 'accuracy', '±', 'AUC'],
          evaluations.map(({ step, set, pairs, accuracy, deviation, auc }) => [
            ...[step, set, pairs, percent(accuracy, 2), percent(deviation, 2), auc.toFixed(4)],
          ]),
        ),
        JSON.stringify(run.recipe, null, 2),
      ];
      return { json: { ...run, evaluations }, text: lines.join('\n') };
    },
  },
  {
    name: 'runs compare',
    usage: 'A B',
    about: 'compare two runs: in what their recipes differ, and what came of it',
    words: [2, 2],
    run: async (call) => {
      const detail = async (word: string | undefined) =>
        await call.client.call('runs.get', { run: (await runOf(call, word)).id });
      const [a, b] = [await detail(call.words[0]), await detail(call.words[1])];
      const differences = recipeDifferences(a.recipe, b.recipe);
      const shown = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value));
      const rows = differences.map((one) => [one.path, shown(one.a), shown(one.b)]);
      const lines = [
        table(figureHeads, [figures(a), figures(b)]),
        '',
        rows.length === 0 ? 'The recipes are the same.' : table(['setting', a.name, b.name], rows),
      ];
      return { json: { a, b, differences }, text: lines.join('\n') };
    },
  },
  {
    name: 'run metrics',
    usage: 'RUN [--evaluations]',
    about: 'print what was recorded, as JSON lines: one for each step, or for each validation',
    words: [1, 1],
    options: { evaluations: { type: 'boolean', about: 'the validations instead of the steps' } },
    run: async (call) => {
      const { id } = await runOf(call, call.words[0]);
      const rows =
        call.options['evaluations'] === true
          ? await call.client.call('runs.evaluations', { run: id })
          : await metricRows(call.client, id);
      return { json: rows, text: rows.map((row) => JSON.stringify(row)).join('\n') };
    },
  },
  simple('pause', 'pause a run that another process trains; train --resume goes on', 'Paused'),
  simple('stop', 'end a run for good; its last checkpoint stays', 'Stopped'),
  simple('remove', 'delete a run with its checkpoints', 'Removed'),
  {
    name: 'run rename',
    usage: 'RUN --name NAME',
    about: 'give a run another name',
    words: [1, 1],
    options: { name: { type: 'string', about: 'what to call it' } },
    run: async (call) => {
      const name = text(call.options, 'name');
      if (name === null) throw new UsageError('--name is missing: what is it to be called?');
      const { id } = await runOf(call, call.words[0]);
      await call.client.call('runs.rename', { run: id, name });
      return { json: { run: id, name }, text: name };
    },
  },
  {
    name: 'run fork',
    usage: 'RUN',
    about: 'train a new run from a checkpoint of another, by the same recipe or with changes',
    words: [1, 1],
    options: {
      step: { type: 'string', about: 'the checkpoint’s step (the last)' },
      recipe: { type: 'string', about: 'another recipe' },
      set: { type: 'string', multiple: true, about: 'path=value: another setting' },
      name: { type: 'string', about: 'what to call it' },
    },
    run: async (call) => {
      const { client, options } = call;
      const { id } = await runOf(call, call.words[0]);
      const file = text(options, 'recipe');
      const settings = texts(options, 'set');
      const base =
        file === null ? (await client.call('runs.get', { run: id })).recipe : await readRecipe(file);
      const recipe = withSettings(base, settings);
      const step = count(options, 'step', 0);
      const name = text(options, 'name');
      return await followRun(call, await client.call('runs.fork', { run: id, step, recipe, name }));
    },
  },
  {
    name: 'export',
    usage: 'RUN [--out FILE.onnx]',
    about: 'write a trained network as ONNX, and put it among the models',
    words: [1, 1],
    options: {
      out: { type: 'string', about: 'where to; without it, among the models only' },
      checkpoint: { type: 'string', about: 'best (as it is), last, or a step' },
      ...destination,
    },
    run: async (call) => {
      const where = destinationOf(call);
      const { id } = await runOf(call, call.words[0]);
      const written = await call.client.call('runs.export', {
        ...{ run: id, checkpoint: checkpointOf(call) },
        ...where,
      });
      const { path, step, bytes, parity, model } = written;
      const lines = [
        `${path}: step ${step}, ${(bytes / 1e6).toFixed(1)} MB, differs by ${parity.toExponential(1)} at most`,
        ...(where.install ? [`It is ${model} in models list.`] : []),
      ];
      return { json: written, text: lines.join('\n') };
    },
  },
];
