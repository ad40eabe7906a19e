/**
 * A training step of every backbone at 112 px (or what it needs) here and in PyTorch, each in a process of its own, one after the other, on
 * one thread and by the processor's time: what holds on a busy machine. Networks are the same, number for number: the
 * counts of what is trained are compared, too.
 *   node bench/zoo/main.ts [--networks a,b] [--batch 16] [--large 4] [--most 3] [--dear 1.2] [--rounds 1] [--steps 2]
 *                          [--python /usr/bin/python3] [--pytorch FILE.jsonl] [--out FILE.jsonl] [--table]
 * Networks of which a batch needs more than `--most` GB here, or a picture more than `--dear` thousand million multiply-adds,
 * are measured with a batch of `--large`. Adds a JSON line a
 * network to `--out` and leaves out what it has already, unless `--networks` names it; `--table` prints the last line of each
 * as docs/zoo.md has it and measures nothing. `--pytorch`: lines of before, whose figures of PyTorch are taken.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { backbones } from '../../src/core/backbones/index.ts';
import { defined } from '../../src/core/base/assert.ts';
import { backboneInfo } from '../../src/core/contract/backbone-info.ts';
import { sideOf } from '../training/ours.ts';

const { values } = parseArgs({
  options: {
    networks: { type: 'string' },
    batch: { type: 'string', default: '16' },
    large: { type: 'string', default: '4' },
    most: { type: 'string', default: '3' },
    dear: { type: 'string', default: '1.2' },
    rounds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '2' },
    python: { type: 'string', default: '/usr/bin/python3' },
    pytorch: { type: 'string' },
    out: { type: 'string' },
    table: { type: 'boolean', default: false },
  },
});
const classes = 1000;

/** Of one side: least processor time a step, most memory, numbers trained, and what compiling took (here). */
const sideSchema = z.object({
  processor: z.number(),
  megabytes: z.number(),
  trained: z.number(),
  compile: z.number().optional(),
});
const lineSchema = z.object({
  network: z.string(),
  batch: z.number(),
  ours: sideSchema,
  pytorch: sideSchema.nullable(),
});
type Side = z.output<typeof sideSchema>;
type Line = z.output<typeof lineSchema>;

/** Runs a side's process: a step to warm up, then rounds. Null where it can't be started or ends early. */
async function side(command: string, args: readonly string[]): Promise<Side | null> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  if ((await lines.next()).value !== 'ready') return null;
  let least: Side | null = null;
  for (let round = 0; round < Number(values.rounds); round++) {
    child.stdin.write(`${values.steps}\n`);
    const told: unknown = (await lines.next()).value;
    const [, processor = Number.NaN, megabytes = 0, trained = 0, compile] = String(told)
      .split(' ')
      .map(Number);
    if (!Number.isFinite(processor)) return null;
    const now = { processor, megabytes, trained, ...(compile === undefined ? {} : { compile }) };
    if (least === null || processor < least.processor) least = now;
  }
  child.stdin.end();
  await new Promise((resolve) => child.once('exit', resolve));
  return least;
}

async function measure(network: string, batch: number): Promise<Line> {
  const here = fileURLToPath(new URL('ours.ts', import.meta.url));
  const there = fileURLToPath(new URL('../training/pytorch.py', import.meta.url));
  const numbers = [String(batch), '1'];
  const ours = await side(process.execPath, [here, network, ...numbers, String(classes)]);
  if (ours === null) throw new Error(`${network} could not be measured here`);
  const before = measured.findLast((line) => line.network === network && line.batch === batch)?.pytorch;
  const backbone = backbones.find(({ name }) => name === network);
  const args = [there, network, ...numbers, 'contiguous', String(classes)];
  const pytorch =
    before ?? (await side(values.python, [...args, String(sideOf(defined(backbone, network)))]));
  if (pytorch !== null && pytorch.trained !== ours.trained)
    throw new Error(
      `${network} is not the same: ${ours.trained} numbers here, ${pytorch.trained} in PyTorch`,
    );
  return { network, batch, ours, pytorch };
}

function linesOf(file: string | undefined): readonly Line[] {
  if (file === undefined || !existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => lineSchema.parse(JSON.parse(line)));
}

const ratioOf = ({ ours, pytorch }: Line): string =>
  pytorch === null ? '' : (pytorch.processor / ours.processor).toFixed(2);

function row(line: Line): string {
  const { network, batch, ours, pytorch } = line;
  const cells = [
    ...[network, batch, ours.trained - classes * 512, Math.round(ours.processor)],
    ...[pytorch === null ? '' : Math.round(pytorch.processor), ratioOf(line)],
    ...[ours.megabytes, pytorch?.megabytes ?? '', ((ours.compile ?? 0) / 1000).toFixed(1)],
  ];
  return `| ${cells.join(' | ')} |`;
}

const measured = linesOf(values.pytorch);
const done = new Map(linesOf(values.out).map((line) => [line.network, line]));
if (values.table) {
  console.log(
    '| network | batch | parameters | ms a step | PyTorch | times as fast | MB | PyTorch | compiling, s |',
  );
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|--:|');
  for (const { name } of backbones) {
    const line = done.get(name);
    if (line) console.log(row(line));
  }
} else {
  const wanted = values.networks?.split(',');
  const chosen = backbones
    .filter(({ name }) => (wanted === undefined ? !done.has(name) : wanted.includes(name)))
    .map((backbone) => backboneInfo(backbone))
    .toSorted((a, b) => a.multiplyAdds - b.multiplyAdds);
  for (const { name, perImage, multiplyAdds } of chosen) {
    const fits =
      perImage * Number(values.batch) <= Number(values.most) * 1e9 &&
      multiplyAdds <= Number(values.dear) * 1e9;
    const line = await measure(name, Number(fits ? values.batch : values.large));
    console.log(JSON.stringify({ ...line, ratio: ratioOf(line) }));
    if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
  }
}
