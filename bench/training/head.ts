/**
 * Steps of a head alone over many classes, here and in PyTorch: from embeddings [batch, 512] of noise to the derivative by
 * them and to new class weights by SGD with momentum and decay, by the processor's time.
 *   node bench/training/head.ts [--heads arcface,cosface,curricularface] [--classes 72778] [--batch 64] [--threads 1]
 *                               [--steps 5] [--python /usr/bin/python3]
 * Prints a JSON line a head: the least milliseconds of the steps after one; above 1 the ratio is faster than PyTorch.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Tensor } from 'onnxruntime-node';
import { defined } from '../../src/core/base/assert.ts';
import { seededRandom } from '../../src/core/base/random.ts';
import { differentiate } from '../../src/core/compile/2-differentiate.ts';
import { optimize } from '../../src/core/compile/3-optimizer.ts';
import { emitAll } from '../../src/core/compile/training.ts';
import { input } from '../../src/core/graph/builder.ts';
import { count } from '../../src/core/graph/shape.ts';
import type { Shape, Value } from '../../src/core/graph/value.ts';
import { heads } from '../../src/core/heads/index.ts';
import { lossOf } from '../../src/core/heads/loss.ts';
import { openNet } from '../../src/core/layers/net.ts';
import { writeOnnx } from '../../src/core/onnx/write.ts';
import { oneHot } from '../../src/core/ops/one-hot.ts';
import { runInto, withUnwanted } from '../../src/main/engine/run-into.ts';
import { openNative } from '../../src/main/engine/session.ts';
import { detectBlock } from '../../src/main/engine/train-target.ts';

const { values } = parseArgs({
  options: {
    heads: { type: 'string', default: 'arcface,cosface,curricularface' },
    classes: { type: 'string', default: '72778' },
    batch: { type: 'string', default: '64' },
    threads: { type: 'string', default: '1' },
    steps: { type: 'string', default: '5' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
});
const [classes, batch, threads] = [Number(values.classes), Number(values.batch), Number(values.threads)];
const random = seededRandom(1);
const noise = (shape: Shape, deviation: number): Tensor =>
  new Tensor(
    'float32',
    new Float32Array(count(shape)).map(() => deviation * random.normal()),
    shape,
  );

/** Results by name, of one head. */
function stepOf(name: string): Map<string, Value> {
  const head = defined(
    heads.find((one) => one.name === name),
    `the head ${name}`,
  );
  const net = openNet(true);
  const embeddings = input('embeddings', [batch, 512]);
  const target = oneHot(input('labels', [batch], 'int32'), classes, { within: true });
  const { logits } = head.build(net, embeddings, target, {}, input('labels', [batch], 'int32'));
  const loss = lossOf(logits, target, { kind: 'cross-entropy', smoothing: 0 });
  const parameters = net.parameters.map(({ value }) => value);
  const [back, ...gradients] = differentiate(loss, [embeddings, ...parameters]);
  const sgd = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4, clipNorm: null } as const;
  const optimized = optimize(net.parameters, gradients, input('rate', []), sgd);
  const results = new Map([['loss', loss]]);
  results.set('back', defined(back, 'the derivative'));
  results.set('gradientNorm', optimized.gradientNorm);
  net.parameters.forEach((one, i) => {
    results.set(`${one.name}:next`, defined(optimized.parameters[i], one.name));
  });
  for (const slot of optimized.slots) results.set(`${slot.name}:next`, slot.next);
  for (const one of net.running) results.set(`${one.name}:next`, defined(one.next, one.name));
  return results;
}

for (const name of values.heads.split(',')) {
  const results = stepOf(name);
  const model = emitAll([...results], name, { block: await detectBlock() }, false);
  const bytes = writeOnnx(withUnwanted(model));
  const native = await openNative({ name, bytes }, { threads, memoryPlan: false, rewrite: false });
  const feeds: Record<string, Tensor> = {};
  for (const { name: of, shape } of model.graph.inputs) {
    const sides = (shape ?? []).map(Number);
    if (of === 'rate') feeds[of] = new Tensor('float32', [0.01], []);
    else if (of === 'labels')
      feeds[of] = new Tensor(
        'int32',
        new Int32Array(batch).map(() => random.int(classes)),
        sides,
      );
    else feeds[of] = noise(sides, of === 'embeddings' ? 1 : of.endsWith('.weight') ? 0.01 : 0);
  }
  const into = Object.fromEntries(
    [...results].map(([of, { shape }]) => [of, new Tensor('float32', new Float32Array(count(shape)), shape)]),
  );
  await runInto(native, feeds, into);
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0; step < Number(values.steps); step++) {
    const before = process.cpuUsage();
    await runInto(native, feeds, into);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  await native.release();
  const script = fileURLToPath(new URL('head.py', import.meta.url));
  const args = [script, name, values.classes, values.batch, values.threads, values.steps];
  const { stdout } = spawnSync(values.python, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pytorch = Number.NaN, megabytes] = (stdout || 'NaN').trim().split(' ').map(Number);
  const line = { head: name, classes, batch, threads, ms: Math.round(least), pytorch: Math.round(pytorch) };
  const memory = {
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    pytorchMegabytes: megabytes,
  };
  console.log(JSON.stringify({ ...line, ratio: Number((pytorch / least).toFixed(2)), ...memory }));
}
