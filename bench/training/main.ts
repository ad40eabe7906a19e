/**
 * Whole training steps (forward, backward, SGD) here and in PyTorch, in turns, so that both meet the same load.
 *   node bench/training/main.ts [--network mobilefacenet] [--batch 32] [--threads 2] [--rounds 4] [--steps 2]
 *                               [--python /usr/bin/python3] [--formats contiguous,channels_last]
 * Prints JSON lines: a line a round, then the medians and the ratios (above 1: faster than PyTorch's better format).
 * `ratioOfProcessor` compares the least processor times; with one thread it is what holds on a busy machine.
 * Without PyTorch it measures this side alone.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Measured, openOurs } from './ours.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'mobilefacenet' },
    batch: { type: 'string', default: '32' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '4' },
    steps: { type: 'string', default: '2' },
    python: { type: 'string', default: '/usr/bin/python3' },
    formats: { type: 'string', default: 'contiguous,channels_last' },
  },
});
const [batch, threads, rounds, steps] = [values.batch, values.threads, values.rounds, values.steps].map(
  Number,
);
const classes = 1000;

interface Side {
  readonly name: string;
  measure(): Promise<Measured>;
  close(): Promise<void>;
}

async function ours(): Promise<Side> {
  const opened = await openOurs(values.network, batch ?? 32, threads ?? 2, classes);
  await opened.step();
  await opened.step(); // both sets of buffers have been touched
  return { name: 'lineament', measure: () => opened.measure(steps ?? 2), close: opened.close };
}

async function pytorch(form: string): Promise<Side | null> {
  const script = fileURLToPath(new URL('pytorch.py', import.meta.url));
  const args = [script, values.network, String(batch), String(threads), form, String(classes)];
  const child: ChildProcessWithoutNullStreams = spawn(values.python, args);
  child.on('error', () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  if ((await lines.next()).value !== 'ready') return null;
  return {
    name: `pytorch ${form}`,
    async measure() {
      child.stdin.write(`${steps}\n`);
      const line: unknown = (await lines.next()).value;
      const figures = String(line).split(' ').map(Number);
      const [ms = Number.NaN, processor = Number.NaN, megabytes = Number.NaN] = figures;
      return { ms, processor, megabytes };
    },
    async close() {
      child.stdin.end();
    },
  };
}

const median = (list: readonly number[]): number => {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const others = await Promise.all(values.formats.split(',').map(pytorch));
const sides = [await ours(), ...others.filter((side) => side !== null)];
const taken = new Map(sides.map(({ name }) => [name, [] as Measured[]]));
for (let round = 0; round < (rounds ?? 4); round++) {
  const line: Record<string, string | number> = { round };
  for (const side of sides) {
    const measured = await side.measure();
    taken.get(side.name)?.push(measured);
    line[side.name] = Math.round(measured.ms);
  }
  console.log(JSON.stringify({ ...line, load: readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? '' }));
}
const summary = sides.map(({ name }) => {
  const all = taken.get(name) ?? [];
  const ms = median(all.map((one) => one.ms));
  const least = Math.min(...all.map((one) => one.ms));
  const processor = Math.round(Math.min(...all.map((one) => one.processor)));
  return {
    name,
    ms: Math.round(ms),
    least: Math.round(least),
    processor,
    megabytes: all.at(-1)?.megabytes ?? 0,
  };
});
const best = (key: 'ms' | 'least' | 'processor'): number =>
  Math.min(...summary.slice(1).map((side) => side[key]));
const [mine] = summary;
if (mine && summary.length > 1)
  console.log(
    JSON.stringify({
      ratio: best('ms') / mine.ms,
      ratioOfLeast: best('least') / mine.least,
      ratioOfProcessor: best('processor') / mine.processor,
    }),
  );
for (const side of summary)
  console.log(
    JSON.stringify({ ...side, imagesPerSecond: Number((((batch ?? 32) * 1000) / side.ms).toFixed(1)) }),
  );
for (const side of sides) await side.close();
