import { assert } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Operator, Shape, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { two } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { transpose } from './transpose.ts';

/** How an operand [rows, slots, columns] or [slots, rows, columns] lies, and whether it is transposed in each slot. */
export type SlotMatmulAttributes = {
  readonly slotsSecondA: boolean;
  readonly slotsSecondB: boolean;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
};

/**
 * One product of matrices a slot, [slots, n, k] × [slots, k, m] → [slots, n, m], where the slots may come second in an
 * operand: onnxruntime then reads rows that lie apart, and no copy brings them together.
 */
export const slotMatmulOp: Operator<SlotMatmulAttributes> = {
  name: 'slotMatmul',
  shape(inputs, attributes) {
    const [a, b] = operands('slotMatmul', inputs, 2).map((value) => value.shape);
    assert(a?.length === 3 && b?.length === 3, 'slotMatmul of three axes each');
    const [slots, n, k] = ordered(a, attributes.slotsSecondA, attributes.transposeA);
    const [others, k2, m] = ordered(b, attributes.slotsSecondB, attributes.transposeB);
    assert(slots === others && k === k2, `slotMatmul of [${a}] and [${b}]`);
    return [slots, n, m];
  },
  gradient(node, dy) {
    const { slotsSecondA, slotsSecondB, transposeA: ta, transposeB: tb } = node.attributes;
    const [a, b] = two(node);
    const [first, second] = [slotsFirst(a, slotsSecondA), slotsFirst(b, slotsSecondB)];
    const plain = matmul(first, second, { ta, tb });
    const [da, db] = plain.op.gradient(plain, dy);
    return [da ? slotsFirst(da, slotsSecondA) : null, db ? slotsFirst(db, slotsSecondB) : null];
  },
  form: {
    kind: 'primitive',
    emit: ({ attributes }, onnx) =>
      onnx.node(
        'FusedMatMul',
        [onnx.input(0), onnx.input(1)],
        {
          transA: int(Number(attributes.transposeA)),
          transB: int(Number(attributes.transposeB)),
          transBatchA: int(Number(attributes.slotsSecondA)),
          transBatchB: int(Number(attributes.slotsSecondB)),
        },
        'com.microsoft',
      ),
  },
};

/** Slots, rows and columns of an operand as it is multiplied. */
function ordered(shape: Shape, slotsSecond: boolean, transposed: boolean): readonly [number, number, number] {
  const [slots, rows] = slotsSecond ? [side(shape, 1), side(shape, 0)] : [side(shape, 0), side(shape, 1)];
  const columns = side(shape, 2);
  return transposed ? [slots, columns, rows] : [slots, rows, columns];
}

const slotsFirst = (x: Value, second: boolean): Value => (second ? transpose(x, [1, 0, 2]) : x);

export function slotMatmul(a: Value, b: Value, options: Partial<SlotMatmulAttributes> = {}): Value {
  const { slotsSecondA = false, slotsSecondB = false, transposeA = false, transposeB = false } = options;
  return node(slotMatmulOp, [a, b], { slotsSecondA, slotsSecondB, transposeA, transposeB });
}
