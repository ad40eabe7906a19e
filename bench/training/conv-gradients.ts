/**
 * The ways to a dense convolution and to its filter gradient, over the shapes of IR-50 (batch 16) and of stems.
 *   node bench/training/conv-gradients.ts [--threads 1] [--runs 7]
 * Prints JSON lines: the least processor time of the runs, in milliseconds, for each way.
 */
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { simplify } from '../../src/core/compile/4-simplify.ts';
import { emit } from '../../src/core/compile/5-emit.ts';
import { input } from '../../src/core/graph/builder.ts';
import { count } from '../../src/core/graph/shape.ts';
import type { Shape, Value } from '../../src/core/graph/value.ts';
import { writeOnnx } from '../../src/core/onnx/write.ts';
import { conv } from '../../src/core/ops/conv.ts';
import { type ConvAttributes, convAttributes, convShape } from '../../src/core/ops/conv-shape.ts';
import { byColumns, byExchange, byTaps, byTapsBatchMajor } from '../../src/core/ops/filter-gradient-ways.ts';
import { canTile, tiledConv, tiledFilterGradient } from '../../src/core/ops/tiled-conv.ts';

const { values } = parseArgs({
  options: { threads: { type: 'string', default: '1' }, runs: { type: 'string', default: '7' } },
});
type Way = (x: Value, dy: Value, filters: Shape, attributes: ConvAttributes) => Value;
const forward =
  (of: typeof tiledConv): Way =>
  (x, _, filters, attributes) =>
    of(x, input('w', filters), attributes);
const ways: Readonly<Record<string, Way>> = {
  byTaps,
  byTapsBatchMajor,
  byColumns,
  byExchange,
  inTiles: tiledFilterGradient,
  forward: forward(conv),
  forwardInTiles: forward(tiledConv),
};
const shapes: readonly [x: Shape, out: number, stride: number][] = [
  [[16, 3, 112, 112], 64, 1],
  [[16, 64, 112, 112], 64, 2],
  [[16, 64, 56, 56], 64, 1],
  [[16, 128, 28, 28], 128, 1],
  [[16, 256, 14, 14], 256, 1],
  [[16, 256, 14, 14], 512, 2],
  [[16, 512, 7, 7], 512, 1],
];

for (const [x, out, stride] of shapes) {
  const filters: Shape = [out, x[1] ?? 1, 3, 3];
  const attributes = convAttributes({ padding: 1, stride });
  const dy = convShape(x, filters, attributes);
  const line: Record<string, string | number> = { x: x.join('×'), out, stride };
  for (const [name, way] of Object.entries(ways)) {
    if (name.endsWith('Tiles') && !canTile(filters, attributes)) continue;
    const result = simplify([way(input('x', x), input('dy', dy), filters, attributes)]);
    const model = emit(new Map(result.map((value) => ['dw', value] as const)), { name });
    const session = await InferenceSession.create(writeOnnx(model), {
      intraOpNumThreads: Number(values.threads),
      logSeverityLevel: 3,
    });
    const tensor = (shape: Shape) => new Tensor('float32', new Float32Array(count(shape)).fill(0.5), shape);
    const all: Record<string, Shape> = { x, dy, w: filters };
    const feeds = Object.fromEntries(model.graph.inputs.map(({ name: of }) => [of, tensor(all[of] ?? [])]));
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < Number(values.runs); run++) {
      const used = process.cpuUsage();
      await session.run(feeds);
      const { user, system } = process.cpuUsage(used);
      least = Math.min(least, (user + system) / 1000);
    }
    line[name] = Number(least.toFixed(1));
    await session.release();
  }
  console.log(JSON.stringify(line));
}
