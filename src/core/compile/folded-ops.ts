import { node } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Emitter, Operator, Shape, Value } from '../graph/value.ts';
import { float, int } from '../onnx/build.ts';
import { type ConvAttributes, convOnnx, convShape } from '../ops/conv-shape.ts';
import type { NormaliseAttributes } from '../ops/normalise.ts';

/**
 * Operators of exported networks only: what ONNX has as one node and training as several, because one node is what other
 * programs know best. Nothing is differentiated any more.
 */

const never = (): never => {
  throw new Error('assertion failed: an exported network is not differentiated');
};

const like = (inputs: readonly Value[]): Shape => inputs[0]?.shape ?? [];

const named = (inputs: readonly Value[], onnx: Emitter): string[] => inputs.map((_, i) => onnx.input(i));

/** Conv of x [n, in, h, w] by filters [out, in/groups, kh, kw] with a term [out]. */
export const foldedConvOp: Operator<ConvAttributes> = {
  name: 'foldedConv',
  shape: ([x, w], attributes) => convShape(x?.shape ?? [], w?.shape ?? [], attributes),
  gradient: never,
  form: {
    kind: 'primitive',
    emit: ({ inputs, attributes }, onnx) =>
      onnx.node('Conv', named(inputs, onnx), convOnnx(attributes, inputs[1]?.shape ?? [])),
  },
};

export function foldedConv(x: Value, filters: Value, term: Value, attributes: ConvAttributes): Value {
  return node(foldedConvOp, [x, filters, term], attributes);
}

/** x·Wᵀ + b: x [n, in], W [out, in], b [out]. */
export const foldedLinearOp: Operator = {
  name: 'foldedLinear',
  shape: ([x, w]) => [side(x?.shape ?? [], 0), side(w?.shape ?? [], 0)],
  gradient: never,
  form: {
    kind: 'primitive',
    emit: ({ inputs }, onnx) => onnx.node('Gemm', named(inputs, onnx), { transB: int(1) }),
  },
};

export function foldedLinear(x: Value, weight: Value, term: Value): Value {
  return node(foldedLinearOp, [x, weight, term], {});
}

/** BatchNormalization by x, γ, β, mean and variance, where it could not be folded away. */
export const keptNormaliseOp: Operator<NormaliseAttributes> = {
  name: 'keptNormalise',
  shape: like,
  gradient: never,
  form: {
    kind: 'primitive',
    emit: ({ inputs, attributes }, onnx) =>
      onnx.node('BatchNormalization', named(inputs, onnx), { epsilon: float(attributes.epsilon) }),
  },
};

/** PRelu with slopes [channels, 1, ..]. */
export const keptPreluOp: Operator = {
  name: 'keptPrelu',
  shape: like,
  gradient: never,
  form: {
    kind: 'primitive',
    emit: ({ inputs }, onnx) => onnx.node('PRelu', named(inputs, onnx)),
  },
};
