/**
 * Heads and backbones with one budget: trains them one after another through the command line, as anybody would, and
 * prints the table of docs/zoo.md. What the data folder has already is not trained again.
 *   node bench/zoo/compare.ts --data FOLDER --version NAME [--only heads|backbones] [--steps 300] [--batch 32] [--size 32]
 *                             [--rate 0.05] [--cli bin/lineament.mjs] [--table]
 * `--version`: a dataset version of aligned crops in that data folder. `--table`: print, train nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { defined } from '../../src/core/base/assert.ts';
import { heads } from '../../src/core/heads/index.ts';
import type { RecipeInput } from '../../src/core/recipe/recipe.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    version: { type: 'string' },
    only: { type: 'string' },
    steps: { type: 'string', default: '300' },
    batch: { type: 'string', default: '32' },
    size: { type: 'string', default: '32' },
    rate: { type: 'string', default: '0.05' },
    cli: { type: 'string', default: fileURLToPath(new URL('../../bin/lineament.mjs', import.meta.url)) },
    table: { type: 'boolean', default: false },
  },
});
const [steps, batch, size, rate] = [values.steps, values.batch, values.size, values.rate].map(Number);
const data = defined(values.data, '--data');
const version = defined(values.version, '--version');

/** The heads of FaceX-Zoo's comparison, with its settings. */
const comparedHeads = [
  ...['am-softmax', 'adam-softmax', 'adacos', 'arcface', 'mv-softmax', 'curricularface', 'circle', 'npcface'],
  'magface',
] as const;
/** Of different families, none much dearer than the others. */
const comparedBackbones = [
  ...['mobilefacenet', 'mobilenet-v2', 'mobilenet-v3-large', 'efficientnet-b0', 'resnet-18'],
  ...['ghostnet', 'shufflenet-v2-1', 'shufflenet-v1'],
] as const;

interface Entry {
  readonly name: string;
  readonly backbone: string;
  readonly head: string;
}
const series: Readonly<Record<'heads' | 'backbones', readonly Entry[]>> = {
  heads: comparedHeads.map((head) => ({ name: head, backbone: 'mobilefacenet', head })),
  // the first is the heads' own run
  backbones: comparedBackbones.map((backbone) => {
    const head = 'am-softmax';
    return { name: backbone === 'mobilefacenet' ? head : backbone, backbone, head };
  }),
};

/** Of the steps, while the rate grows. */
const warmUp = 1 / 10;
/** Times that a run is verified after its beginning. */
const validations = 5;

/** Everything but network and head is the same for all. */
function recipeOf({ backbone, head }: Entry, epochs: number): RecipeInput {
  const { presets } = defined(
    heads.find(({ name }) => name === head),
    head,
  );
  return {
    data: { version, holdOut: { by: 'identities', share: 0.2 }, augmentation: { flip: 0.5 } },
    network: { backbone, embedding: 128, size: size ?? 32 },
    head: { kind: head, options: { ...defined(presets['FaceX-Zoo'], `a preset of ${head}`) } },
    schedule: { rate: rate ?? 0.05, warmUp: { epochs: epochs * warmUp }, decay: { kind: 'cosine' } },
    batch: batch ?? 32,
    epochs,
    validation: { everyEpochs: epochs / validations, pairs: 3000 },
    device: { provider: 'cpu', threads: 1 },
  };
}

function lineament(...args: readonly string[]): string {
  const all = [values.cli, '--data', data, ...args];
  const { status, stdout } = spawnSync(process.execPath, all, {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  if (status !== 0) throw new Error(`lineament ${args.join(' ')} ended with ${status}`);
  return stdout;
}

const outlookSchema = z.object({ outlook: z.object({ stepsPerEpoch: z.number() }) });
const runsSchema = z.array(z.object({ name: z.string(), state: z.string() }));
const shownSchema = z.object({
  loss: z.number().nullable(),
  step: z.number(),
  evaluations: z.array(
    z.object({ step: z.number(), accuracy: z.number(), deviation: z.number(), auc: z.number() }),
  ),
});
const metricsSchema = z.array(
  z.object({ seconds: z.number().nullable(), stepMs: z.number().nullable(), top1: z.number().nullable() }),
);

function train(entries: readonly Entry[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'compare-'));
  const done = new Set(
    runsSchema.parse(JSON.parse(lineament('--json', 'runs', 'list'))).map((run) => run.name),
  );
  const file = join(folder, 'recipe.json');
  let perEpoch: number | null = null; // steps, the same for all
  for (const entry of entries) {
    if (done.has(entry.name)) continue;
    writeFileSync(file, JSON.stringify(recipeOf(entry, 1)));
    perEpoch ??= outlookSchema.parse(JSON.parse(lineament('--json', 'train', '--check', file))).outlook
      .stepsPerEpoch;
    writeFileSync(file, JSON.stringify(recipeOf(entry, (steps ?? 300) / perEpoch)));
    lineament('train', '--recipe', file, '--name', entry.name);
    done.add(entry.name);
  }
  rmSync(folder, { recursive: true });
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function tableOf(entries: readonly Entry[], what: 'head' | 'backbone'): string {
  const known = new Set(
    runsSchema.parse(JSON.parse(lineament('--json', 'runs', 'list'))).map((run) => run.name),
  );
  const rows = entries.map((entry) => {
    if (!known.has(entry.name)) return `| ${entry[what]} | not trained | | | | |`;
    const { evaluations, step } = shownSchema.parse(
      JSON.parse(lineament('--json', 'runs', 'show', entry.name)),
    );
    const metrics = metricsSchema.parse(JSON.parse(lineament('--json', 'run', 'metrics', entry.name)));
    const [first, last] = [
      defined(evaluations[0], 'a validation'),
      defined(evaluations.at(-1), 'a validation'),
    ];
    const late = metrics.slice(-30).map(({ top1 }) => top1 ?? 0);
    const recognised = late.reduce((sum, one) => sum + one, 0) / late.length;
    return `| ${entry[what]} | ${step} | ${percent(first.accuracy)} | ${percent(last.accuracy)} ± ${percent(last.deviation)} | ${last.auc.toFixed(3)} | ${percent(recognised)} |`;
  });
  return [
    `| ${what} | steps | accuracy before | accuracy after | AUC | recognised, last 30 steps |`,
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

const wanted = (['heads', 'backbones'] as const).filter(
  (one) => values.only === undefined || values.only === one,
);
for (const one of wanted) {
  if (!values.table) train(series[one]);
  console.log(`\n${tableOf(series[one], one === 'heads' ? 'head' : 'backbone')}`);
}
