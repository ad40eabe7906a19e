import { simplify } from '../../../src/core/compile/4-simplify.ts';
import { emit } from '../../../src/core/compile/5-emit.ts';
import { inputOp, isNode } from '../../../src/core/graph/leaves.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import type { OnnxModel } from '../../../src/core/onnx/types.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import type { Tensor } from '../../../src/main/engine/tensor.ts';
import type { Feeds } from './interpret.ts';

/** The results of a graph as onnxruntime computes them, by the compiler's own way to ONNX, which may be `changed` after it. */
export async function runInOnnxruntime(
  results: readonly Value[],
  feeds: Feeds,
  changed: (model: OnnxModel) => OnnxModel = (model) => model,
): Promise<Float32Array[]> {
  const simple = simplify(results);
  const named = new Map(simple.map((value, i) => [`result${i}`, value] as const));
  const session = await openSession(
    { name: 'test', bytes: writeOnnx(changed(emit(named, { name: 'test' }))) },
    { threads: 1, rewrite: false },
  );
  try {
    const tensors: Record<string, Tensor> = {};
    for (const value of topological(simple))
      if (isNode(value, inputOp)) tensors[value.attributes.name] = tensor(value, feeds);
    const outputs = await session.run(tensors);
    return simple.map((_, i) => Float32Array.from(outputs[`result${i}`]?.data as Float32Array));
  } finally {
    await session.close();
  }
}

function tensor(value: Value, feeds: Feeds): Tensor {
  const { shape, type } = value;
  const data = isNode(value, inputOp) ? (feeds[value.attributes.name] ?? []) : [];
  if (type === 'int32') return { shape, data: Int32Array.from(data) };
  if (type === 'uint8') return { shape, data: Uint8Array.from(data) };
  return { shape, data: Float32Array.from(data) };
}
