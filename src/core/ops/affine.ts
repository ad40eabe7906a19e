import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { count, range, sameShape, side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { float } from '../onnx/build.ts';
import { at } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { multiply } from './multiply.ts';
import { full } from './precision.ts';
import { reduceSum } from './reduce-sum.ts';
import { reshape } from './reshape.ts';

/**
 * a·x + b with one factor and one term a channel: x [batch, channels, ..], a and b [channels]. In onnxruntime the
 * inference form of BatchNormalization is the only operator that does this in one pass over memory.
 */
export const affineOp: Operator = {
  name: 'affine',
  shape(inputs) {
    const [x, a, b] = operands('affine', inputs, 3).map((value) => value.shape);
    const channels = [x?.[1] ?? 0];
    assert(
      x && a && b && sameShape(a, channels) && sameShape(b, channels),
      `affine of [${x}] by [${a}], [${b}]`,
    );
    return x;
  },
  gradient(node, dy) {
    const x = at(node, 0);
    return [scaleChannels(dy, at(node, 1)), sumProducts(dy, x), sumChannels(dy)];
  },
  form: {
    kind: 'primitive',
    emit(node, onnx) {
      const channels = at(node, 1).shape;
      const fill = (value: number): string =>
        onnx.floats(new Float32Array(channels[0] ?? 0).fill(value), channels);
      const inputs = [onnx.input(0), onnx.input(1), onnx.input(2), fill(0), fill(1)];
      return onnx.node('BatchNormalization', inputs, { epsilon: float(0) });
    },
  },
};

export function affine(x: Value, a: Value, b: Value): Value {
  return node(affineOp, [x, a, b], {});
}

/** Every axis but the channels'. */
function aroundChannels(shape: Shape): number[] {
  return range(shape.length).filter((axis) => axis !== 1);
}

/** [batch, channels, ..] → [channels]. */
export function sumChannels(x: Value): Value {
  return reduceSum(x, aroundChannels(x.shape));
}

/** From here on a product of rows is faster than a pass that writes the products and one that sums them. */
const longRow = 400;

/** Σ a·b a channel, of two [batch, channels, ..] → [channels]; in single precision, as statistics are made of it. */
export function sumProducts(a: Value, b: Value): Value {
  const [n, channels, positions] = [side(a.shape, 0), side(a.shape, 1), count(a.shape.slice(2))];
  if (positions < longRow) return sumChannels(multiply(full(a), full(b)));
  // Of two different ones rows first: a copy in single precision that the way forward needs, too, would be kept till then.
  const same = a === b;
  const rows = (x: Value): Value => {
    const row: Shape = [n * channels, 1, positions];
    return same ? reshape(full(x), row) : full(reshape(x, row));
  };
  return reduceSum(reshape(matmul(rows(a), rows(b), { tb: true }), [n, channels]), [0]);
}

/** x [batch, channels, ..] times one factor [channels] a channel. */
export function scaleChannels(x: Value, factor: Value): Value {
  const [channels = 1] = factor.shape;
  return multiply(x, reshape(factor, [channels, ...x.shape.slice(2).map(() => 1)]));
}
