import { randomFillSync } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureMegaface } from '../src/main/jobs/evaluate-megaface.ts';

/**
 * `node bench/evaluate-megaface.ts [--distractors N] [--probes N] [--width N] [--threads N]`: scoring as large as MegaFace
 * with made-up embeddings, as the application does it: identification and verification of all probes among all
 * distractors, read from their file. Prints seconds and the peak memory of the process.
 */
const { values } = parseArgs({
  options: {
    distractors: { type: 'string', default: '1000000' },
    probes: { type: 'string', default: '3530' },
    width: { type: 'string', default: '512' },
    threads: { type: 'string', default: '2' },
  },
});
const [distractors, probes, width, threads] = [
  values.distractors,
  values.probes,
  values.width,
  values.threads,
].map(Number);
const people = 80;
if (!distractors || !probes || !width || !threads) throw new Error('all options take numbers above 0');

const folder = await mkdtemp(join(tmpdir(), 'lineament-megaface-'));
const file = join(folder, 'features.f32');
/** Directions that probes of one person lean to. */
const middles = Array.from({ length: people }, () => row(new Float32Array(width), 0));

function row(towards: Float32Array, strength: number): Float32Array {
  const bytes = randomFillSync(new Int16Array(towards.length));
  const made = Float32Array.from(bytes, (value, i) => value / 32768 + strength * (towards[i] ?? 0));
  let squares = 0;
  for (const value of made) squares += value * value;
  const scale = 1 / Math.sqrt(squares);
  return made.map((value) => value * scale);
}

try {
  const handle = await open(file, 'w');
  const stretch = 10_000;
  for (let start = 0; start < probes + distractors; start += stretch) {
    const count = Math.min(stretch, probes + distractors - start);
    const some = new Float32Array(count * width);
    for (let i = 0; i < count; i++) {
      const middle = start + i < probes ? middles[(start + i) % people] : undefined;
      some.set(row(middle ?? new Float32Array(width), middle === undefined ? 0 : 12), i * width);
    }
    await handle.write(new Uint8Array(some.buffer));
  }
  await handle.close();
  const places = (from: number, count: number): Int32Array =>
    Int32Array.from({ length: count }, (_, i) => from + i);
  const [began, used] = [performance.now(), process.cpuUsage()];
  const { identification } = await measureMegaface(
    {
      ...{ kind: 'megaface', protocol: 'standard', maskedProbes: null },
      parts: [{ file, width, rows: places(0, probes + distractors) }],
      ...{ probes: places(0, probes), people: places(0, probes).map((i) => i % people) },
      ...{
        distractors: places(probes, distractors),
        noisyProbes: places(0, 5),
        noisyDistractors: places(probes, 500),
      },
    },
    threads,
    { signal: new AbortController().signal, progress: () => {} },
  );
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  const scores = probes * distractors;
  console.log(
    JSON.stringify({
      ...{ probes, distractors, width, threads },
      seconds: Number(seconds.toFixed(1)),
      'processor seconds': Number(((user + system) / 1e6).toFixed(1)),
      'GFLOP/s': Number(((2 * scores * width) / seconds / 1e9).toFixed(0)),
      'peak memory, GiB': Number((process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)),
      rank1: identification?.cmc[0]?.[1],
      tar: identification?.tar,
    }),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
