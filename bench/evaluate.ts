/**
 * Embeddings of a benchmark's crops here and in PyTorch, in turns, so that both meet the same load: here as the application
 * does it, from crops in packs to embeddings that are handed over, by as many processes as threads; there of pictures that
 * are decoded already.
 *   node bench/evaluate.ts [--network mobilefacenet] [--pictures 512] [--threads 2] [--rounds 3] [--python /usr/bin/python3]
 *                          [--batches 32,128] [--formats contiguous,channels_last]
 * Prints a JSON line a round with pictures a second of each, then the ratio to PyTorch's best. Without PyTorch it measures
 * this side alone.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { backbones } from '../src/core/backbones/index.ts';
import { defined } from '../src/core/base/assert.ts';
import { buildNormalised, type NetworkPlan } from '../src/core/compile/1-build.ts';
import { compileExport } from '../src/core/compile/export.ts';
import { embeddingCard } from '../src/core/contract/model-card.ts';
import { writeOnnx } from '../src/core/onnx/write.ts';
import { initialise } from '../src/core/training/initialise.ts';
import type { EmbedHost, EmbedSetup } from '../src/main/jobs/embed.ts';
import { runJob } from '../src/main/workers/run.ts';
import { writeCrops } from '../test/support/crop-packs.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'mobilefacenet' },
    pictures: { type: 'string', default: '512' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: '/usr/bin/python3' },
    batches: { type: 'string', default: '32,128' },
    formats: { type: 'string', default: 'contiguous,channels_last' },
  },
});
const [pictures = 512, threads = 2, rounds = 3] = [values.pictures, values.threads, values.rounds].map(
  Number,
);
const chunk = 32;

interface Side {
  readonly name: string;
  /** Pictures a second. */
  measure(): Promise<number>;
  close(): Promise<void>;
}

async function ours(): Promise<Side> {
  const dir = await mkdtemp(join(tmpdir(), 'lineament-evaluate-'));
  const backbone = defined(
    backbones.find((one) => one.name === values.network),
    `the network ${values.network}`,
  );
  const plan: NetworkPlan = {
    ...{ backbone, settings: backbone.defaults, size: 112 },
    pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
  };
  const { net } = buildNormalised(plan, 2);
  const trained = new Map(
    [...net.parameters, ...net.running].map((tensor) => [tensor.name, initialise(tensor, 1)]),
  );
  await writeFile(
    join(dir, 'bench.onnx'),
    writeOnnx(compileExport(plan, trained, { recipe: null, version: null })),
  );
  const card = embeddingCard.parse({
    ...{ id: 'bench', name: 'bench', sha256: '0'.repeat(64), task: 'embedding', size: 512, threshold: 0 },
    input: { width: 112, height: 112, colour: 'rgb', mean: [127.5], std: [127.5] },
  });
  const table = await writeCrops(dir, { identities: 8, perIdentity: Math.ceil(pictures / 8) });
  const setup: EmbedSetup = {
    ...{ model: { card, dir }, threads: 1, provider: 'cpu', packsDir: dir, mirrored: false },
  };
  const measure = async (): Promise<number> => {
    let [next, number, first] = [0, 0, 0];
    let waiting = threads;
    let start = (): void => {};
    const ready = new Promise<void>((resolve) => {
      start = resolve;
    });
    const host: EmbedHost = {
      next: async () => {
        // Processes and models are loaded before the clock starts, as PyTorch's are.
        if (waiting > 0 && --waiting === 0) {
          first = performance.now();
          start();
        }
        await ready;
        if (next >= pictures) return null;
        const places = Array.from({ length: Math.min(chunk, pictures - next) }, (_, i) => next + i);
        next += places.length;
        const place = (i: number) => ({
          file: table.files[i] ?? 0,
          offset: table.offsets[i] ?? 0,
          length: table.lengths[i] ?? 0,
        });
        return { chunk: number++, crops: places.map((i) => ({ hash: String(i), place: place(i) })) };
      },
      save: async () => {},
    };
    const run = () =>
      runJob({
        entry: new URL('../src/main/workers/entry.ts', import.meta.url),
        ...{ kind: 'embed', setup, host: { ...host }, signal: new AbortController().signal },
        ...{ onProgress: () => {}, onLog: () => {} },
      });
    await Promise.all(Array.from({ length: threads }, run));
    return pictures / ((performance.now() - first) / 1000);
  };
  return { name: 'lineament', measure, close: () => rm(dir, { recursive: true, force: true }) };
}

async function pytorch(batch: string, form: string): Promise<Side | null> {
  const script = fileURLToPath(new URL('evaluate.py', import.meta.url));
  const child = spawn(values.python, [script, values.network, batch, values.threads, form]);
  child.on('error', () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  if ((await lines.next()).value !== 'ready') return null;
  return {
    name: `pytorch ${batch} ${form}`,
    measure: async () => {
      child.stdin.write(`${pictures}\n`);
      const [seconds = Number.NaN] = String((await lines.next()).value)
        .split(' ')
        .map(Number);
      return (Math.ceil(pictures / Number(batch)) * Number(batch)) / seconds;
    },
    close: async () => {
      child.stdin.end();
    },
  };
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;

const others: Side[] = [];
for (const batch of values.batches.split(','))
  for (const form of values.formats.split(',')) {
    const side = await pytorch(batch, form);
    if (side !== null) others.push(side);
  }
const sides = [await ours(), ...others];
const taken = new Map(sides.map(({ name }) => [name, [] as number[]]));
for (let round = 0; round < rounds; round++) {
  for (const side of sides) taken.get(side.name)?.push(await side.measure());
  const line = [...taken].map(([name, rates]) => [name, Number((rates.at(-1) ?? 0).toFixed(1))]);
  console.log(JSON.stringify({ round, ...Object.fromEntries(line) }));
}
for (const side of sides) await side.close();
const [mine = Number.NaN, ...theirs] = sides.map(({ name }) => median(taken.get(name) ?? []));
const [fastest = Number.NaN, ...peers] = sides.map(({ name }) => Math.max(...(taken.get(name) ?? [])));
console.log(
  JSON.stringify({
    ...{ network: values.network, pictures, threads, 'pictures a second': Number(mine.toFixed(1)) },
    ...(theirs.length > 0 && {
      ratio: Number((mine / Math.max(...theirs)).toFixed(2)),
      ratioOfFastest: Number((fastest / Math.max(...peers)).toFixed(2)),
    }),
  }),
);
