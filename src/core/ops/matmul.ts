import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { broadcast, range, side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { two } from './elementwise.ts';
import { transpose } from './transpose.ts';

/** Whether the last two axes of an operand are exchanged first. */
export type MatmulAttributes = { readonly transposeA: boolean; readonly transposeB: boolean };

/** [.., n, k] × [.., k, m] → [.., n, m]; the axes before broadcast. */
export const matmulOp: Operator<MatmulAttributes> = {
  name: 'matmul',
  shape(inputs, { transposeA, transposeB }) {
    const [a, b] = operands('matmul', inputs, 2).map((value) => value.shape);
    assert(a !== undefined && b !== undefined && a.length >= 2 && b.length >= 2, 'matmul of matrices');
    const [n, k] = lastTwo(a, transposeA);
    const [k2, m] = lastTwo(b, transposeB);
    assert(k === k2, `[${a}]${transposeA ? 'ᵀ' : ''} × [${b}]${transposeB ? 'ᵀ' : ''}`);
    return [...broadcast(a.slice(0, -2), b.slice(0, -2)), n, m];
  },
  gradient(node, dy) {
    const [a, b] = two(node);
    const { transposeA: ta, transposeB: tb } = node.attributes;
    // C = A·B: dA = dC·Bᵀ, dB = Aᵀ·dC; and the transposes of both where an operand was transposed
    const da = ta ? matmul(b, dy, { ta: tb, tb: true }) : matmul(dy, b, { tb: !tb });
    const db = tb ? matmul(dy, a, { ta: true, tb: ta }) : matmul(a, dy, { ta: !ta });
    return [da, db];
  },
  form: {
    kind: 'primitive',
    emit(node, onnx) {
      const { transposeA, transposeB } = node.attributes;
      const operandNames = [onnx.input(0), onnx.input(1)];
      if (!transposeA && !transposeB) return onnx.node('MatMul', operandNames);
      const flags = { transA: int(transposeA ? 1 : 0), transB: int(transposeB ? 1 : 0) };
      if (node.inputs.every(({ shape }) => shape.length === 2)) return onnx.node('Gemm', operandNames, flags);
      return onnx.node('FusedMatMul', operandNames, flags, 'com.microsoft');
    },
  },
};

function lastTwo(shape: Shape, transposed: boolean): readonly [number, number] {
  const [rows, columns] = [side(shape, shape.length - 2), side(shape, shape.length - 1)];
  return transposed ? [columns, rows] : [rows, columns];
}

export function matmul(a: Value, b: Value, { ta = false, tb = false } = {}): Value {
  return node(matmulOp, [a, b], { transposeA: ta, transposeB: tb });
}

/** The last two axes exchanged. */
export function transposed(x: Value): Value {
  const rank = x.shape.length;
  return transpose(x, [...range(rank - 2), rank - 1, rank - 2]);
}
