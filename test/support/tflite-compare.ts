import { InferenceSession, Tensor } from 'onnxruntime-node';
import { seededRandom } from '../../src/core/base/random.ts';
import type { OnnxModel } from '../../src/core/onnx/types.ts';
import { writeOnnx } from '../../src/core/onnx/write.ts';
import type { Value } from './tflite-interpreter.ts';

/** Seeded values in about ±1.7, as preprocessed pixels have. */
export function randomValue(shape: readonly number[], seed: number): Value {
  const random = seededRandom(seed);
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float64Array.from({ length: size }, () => Math.fround(random.normal())) };
}

/** Axes reordered: axis i of the result is axis `axes[i]` of the value. */
export function permuted(value: Value, axes: readonly number[]): Value {
  const shape = axes.map((axis) => value.shape[axis] ?? 1);
  const strides = value.shape.map((_, axis) => value.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const data = new Float64Array(value.data.length);
  for (let to = 0; to < data.length; to++) {
    let rest = to;
    let from = 0;
    for (let i = shape.length - 1; i >= 0; i--) {
      from += (rest % (shape[i] ?? 1)) * (strides[axes[i] ?? 0] ?? 0);
      rest = Math.floor(rest / (shape[i] ?? 1));
    }
    data[to] = value.data[from] ?? 0;
  }
  return { shape, data };
}

/** Runs a model in onnxruntime on one thread; outputs in the graph's order. */
export async function runOnnx(model: OnnxModel | Uint8Array, inputs: readonly Value[]): Promise<Value[]> {
  const bytes = model instanceof Uint8Array ? model : writeOnnx(model);
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const feeds: Record<string, Tensor> = {};
    session.inputNames.forEach((name, i) => {
      const { data, shape } = inputs[i] ?? { data: new Float64Array(), shape: [0] };
      feeds[name] = new Tensor('float32', Float32Array.from(data), shape);
    });
    const results = await session.run(feeds);
    return session.outputNames.map((name) => {
      const tensor = results[name];
      if (!(tensor?.data instanceof Float32Array)) throw new Error(`${name} is not float32`);
      return { shape: tensor.dims, data: Float64Array.from(tensor.data) };
    });
  } finally {
    await session.release();
  }
}

/** Largest difference, as a part of the largest value that is expected; infinite where the shapes differ. */
export function relativeError(found: Value, expected: Value): number {
  if (found.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let scale = 0;
  expected.data.forEach((value, i) => {
    worst = Math.max(worst, Math.abs(value - (found.data[i] ?? Number.NaN)));
    scale = Math.max(scale, Math.abs(value));
  });
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst / (scale || 1);
}
