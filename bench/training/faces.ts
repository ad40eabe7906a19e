/**
 * A run of the application against PyTorch: the same network, recipe and batches, bit by bit, for as many steps, and the
 * same pairs of people that neither was trained on.
 *   node bench/training/faces.ts --data DIR --run NAME [--threads 2] [--every 50] [--python /usr/bin/python3]
 * DIR is a data folder with a run of MobileFaceNet with ArcFace by SGD, which may still be under way. Prints JSON lines:
 * PyTorch's mean loss every so many steps while it trains; then both sides' losses and verification accuracies.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { assert, defined } from '../../src/core/base/assert.ts';
import { range } from '../../src/core/graph/shape.ts';
import { areaUnderCurve, verify } from '../../src/core/metrics/verification.ts';
import { planOf, scheduleOf, stepsOf } from '../../src/core/recipe/plan.ts';
import { metricColumns } from '../../src/core/training/metrics.ts';
import { rateAt } from '../../src/core/training/schedule.ts';
import { openMetrics } from '../../src/main/app/runs-metrics.ts';
import { trainingData, trainTable, validationSets } from '../../src/main/app/training-data.ts';
import { openPackReader } from '../../src/main/datasets/pack.ts';
import { openRunLoader } from '../../src/main/jobs/train-open.ts';
import type { TrainSetup } from '../../src/main/jobs/train-protocol.ts';
import { openStore } from '../../src/main/store/database.ts';
import { listEvaluations } from '../../src/main/store/run-records.ts';
import { findRun, getRun } from '../../src/main/store/runs.ts';
import type { ValidationSet } from '../../src/main/training/crops.ts';
import { readPictures } from '../../src/main/training/pictures.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    run: { type: 'string' },
    threads: { type: 'string', default: '2' },
    every: { type: 'string', default: '50' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
});
const dataDir = defined(values.data, '--data');
const store = openStore(join(dataDir, 'lineament.db'));
const run = defined(
  getRun(store, defined(findRun(store, defined(values.run, '--run')), 'the run')),
  'the run',
);
const { recipe } = run;
const data = trainingData(store, recipe);
const packsDir = join(dataDir, 'packs');
const setup: TrainSetup = {
  ...{ recipe, classes: data.split.identityOf.length, crops: trainTable(data), packsDir },
  ...{ validation: validationSets(data, recipe), checkpointsDir: '', resume: null, fork: false },
  ...{ provider: 'cpu', threads: Number(values.threads) },
};
const { headSettings, optimizer } = planOf(recipe, setup.classes);
const { stepsPerEpoch, steps } = stepsOf(recipe, setup.crops.classes.length);
const schedule = scheduleOf(recipe, stepsPerEpoch);
assert(optimizer.kind === 'sgd' && recipe.head.kind === 'arcface', 'SGD and ArcFace');
const { size } = recipe.network;

/** The other side: bench/training/faces.py. */
class Peer {
  readonly #child: ChildProcessWithoutNullStreams;
  #buffer = Buffer.alloc(0);

  constructor() {
    this.#child = spawn(values.python, [fileURLToPath(new URL('faces.py', import.meta.url))]);
    this.#child.stderr.pipe(process.stderr);
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
    });
  }

  /** The line of its answer; what follows it is taken with `take`. */
  async ask(command: object, ...payload: (Uint8Array | Int32Array)[]): Promise<Record<string, number>> {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    for (const part of payload)
      this.#child.stdin.write(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
    let end = this.#buffer.indexOf('\n');
    for (; end < 0; end = this.#buffer.indexOf('\n')) await once(this.#child.stdout, 'data');
    return JSON.parse((await this.take(end + 1)).toString());
  }

  async take(bytes: number): Promise<Buffer> {
    while (this.#buffer.length < bytes) await once(this.#child.stdout, 'data');
    const taken = Buffer.from(this.#buffer.subarray(0, bytes)); // a copy of its own, aligned
    this.#buffer = this.#buffer.subarray(bytes);
    return taken;
  }

  close(): void {
    this.#child.stdin.end();
  }
}

/** [crops, numbers] */
async function embeddings(peer: Peer, { crops }: ValidationSet): Promise<Float32Array[]> {
  const reader = openPackReader(packsDir, 'crops');
  const rows: Float32Array[] = [];
  for (let first = 0; first < crops.classes.length; first += 32) {
    const n = Math.min(32, crops.classes.length - first);
    const images = await readPictures(
      reader,
      crops,
      range(n).map((i) => first + i),
      size,
    );
    const { numbers = 0 } = await peer.ask({ op: 'embed', n }, images);
    const bytes = await peer.take(numbers * 4);
    const all = new Float32Array(bytes.buffer, bytes.byteOffset, numbers);
    for (let i = 0; i < n; i++) rows.push(all.slice((i * numbers) / n, ((i + 1) * numbers) / n));
  }
  await reader.close();
  return rows;
}

async function verification(peer: Peer, set: ValidationSet): Promise<Record<string, number>> {
  const rows = await embeddings(peer, set);
  const units = rows.map((row) => row.map((value) => value / Math.hypot(...row)));
  const scores = Float32Array.from({ length: set.same.length }, (_, i) => {
    const [a, b] = [units[set.pairs[2 * i] ?? 0], units[set.pairs[2 * i + 1] ?? 0]];
    return defined(a, 'a crop').reduce((sum, value, j) => sum + value * (b?.[j] ?? 0), 0);
  });
  const { accuracy, deviation } = verify({ scores, same: set.same });
  return { accuracy, deviation, auc: areaUnderCurve({ scores, same: set.same }) };
}

const mean = (list: readonly number[]): number =>
  Number((list.reduce((sum, value) => sum + value, 0) / list.length).toFixed(4));

const peer = new Peer();
const { scale = 64, margin = 0.5 } = headSettings;
await peer.ask({
  ...{ op: 'begin', size, classes: setup.classes, scale, margin, threads: setup.threads },
  ...{ momentum: optimizer.momentum, weightDecay: optimizer.weightDecay },
});
const [set] = setup.validation;
const before = set && (await verification(peer, set));
const loader = await openRunLoader(setup, 0, steps);
const theirs: number[] = [];
const every = Number(values.every);
const started = performance.now();
for (let step = 0; step < steps; step++) {
  const { images, labels } = await loader.next();
  const rate = rateAt(schedule, step);
  const { loss = Number.NaN } = await peer.ask({ op: 'step', rate, n: labels.length }, images, labels);
  theirs.push(loss);
  if ((step + 1) % every > 0) continue;
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(JSON.stringify({ step: step + 1, pytorch: mean(theirs.slice(-every)), seconds }));
}
await loader.close();
const rows = openMetrics((id) => join(dataDir, 'runs', String(id), 'metrics.f32')).tail(run.id, steps);
const ours = theirs.map((_, step) => rows[step * metricColumns.length] ?? Number.NaN);
for (let step = every; step <= steps; step += every) {
  const [lineament, pytorch] = [ours, theirs].map((losses) => mean(losses.slice(step - every, step)));
  console.log(JSON.stringify({ step, lineament, pytorch }));
}
for (const { step, accuracy, deviation, auc } of listEvaluations(store, run.id))
  console.log(JSON.stringify({ lineament: { step, accuracy, deviation, auc } }));
console.log(JSON.stringify({ pytorch: { before, after: set && (await verification(peer, set)) } }));
peer.close();
store.close();
