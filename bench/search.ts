import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/core/base/random.ts';
import { topK } from '../src/core/faces/top-k.ts';
import { openVectors } from '../src/main/datasets/vectors.ts';
import type { RecogniserMethods, RecogniserSetup } from '../src/main/jobs/recogniser.ts';
import { service } from '../src/main/workers/run.ts';

/**
 * `node bench/search.ts [--rows N] [--threads N]`: exact search among N embeddings of 512 numbers, in the process in
 * which the application searches, against a plain loop in JavaScript. Prints milliseconds a query.
 */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, threads: { type: 'string', default: '2' } },
});
const rows = Number(values.rows);
const width = 512;
const queries = 20;

function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}

function loop(matrix: Float32Array, query: Float32Array): Float32Array {
  const scores = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    const start = row * width;
    for (let i = 0; i < width; i++) sum += (matrix[start + i] ?? 0) * (query[i] ?? 0);
    scores[row] = sum;
  }
  return scores;
}

const random = seededRandom(1);
const matrix = new Float32Array(rows * width);
for (let row = 0; row < rows; row++) {
  matrix.set(unit(Float32Array.from({ length: width }, () => random.normal())), row * width);
}
const dir = await mkdtemp(join(tmpdir(), 'lineament-bench-'));
const file = join(dir, 'bench.f32');
const vectors = await openVectors(file, width, 0);
await vectors.append(matrix);
await vectors.close();

const setup: Pick<RecogniserSetup, 'threads' | 'provider' | 'landmarks'> = {
  threads: Number(values.threads),
  provider: 'cpu',
  landmarks: null,
};
const recogniser = service<RecogniserMethods>({
  entry: new URL('../src/main/workers/entry.ts', import.meta.url),
  kind: 'recogniser',
  idleMs: 60_000,
  setup: () => setup,
});
try {
  const scope = Int32Array.from({ length: rows }, (_, row) => row);
  const times: { readonly app: number[]; readonly plain: number[] } = { app: [], plain: [] };
  let agreed = true;
  const started = performance.now();
  let first = 0;
  for (let i = 0; i < queries; i++) {
    const query = unit(Float32Array.from({ length: width }, () => random.normal()));
    const t0 = performance.now();
    const found = await recogniser.use((methods) =>
      methods.search({ file, width, rows: scope, query, top: 10, minSimilarity: -1 }),
    );
    const t1 = performance.now();
    if (i === 0) first = t1 - started;
    else times.app.push(t1 - t0);
    const t2 = performance.now();
    const exact = topK(loop(matrix, query), 10);
    times.plain.push(performance.now() - t2);
    agreed &&= found.positions.every((position, rank) => position === exact.indices[rank]);
  }
  const [app, plain] = [median(times.app), median(times.plain)];
  console.log(`${rows} × ${width}, ${queries} queries, top 10; the same as the plain loop: ${agreed}`);
  console.log(`first query, with starting the process and reading the file: ${first.toFixed(0)} ms`);
  console.log(
    `median: ${app.toFixed(1)} ms; plain loop ${plain.toFixed(1)} ms; ${(plain / app).toFixed(2)}× as fast`,
  );
} finally {
  await recogniser.close();
  await rm(dir, { recursive: true });
}
