import { assert } from '../base/assert.ts';
import { node, scalar } from '../graph/builder.ts';
import { sameShape, side } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Emitter, Operator, Shape, Value } from '../graph/value.ts';
import { int, text } from '../onnx/build.ts';
import { at } from './elementwise.ts';
import { expand } from './expand.ts';

/**
 * What is at each picture's label, by index instead of by products with a matrix of zeros and ones: x [n, classes], labels
 * [n] of int32, each from 0 to classes − 1. Rules make them (compile/rules-label.ts).
 */

/** [n, 1]: x at the labels. */
export const takeAtLabelOp: Operator = {
  name: 'takeAtLabel',
  shape(inputs) {
    const [x, labels] = operands('takeAtLabel', inputs, 2);
    return columnOf(x, labels);
  },
  gradient(node, dy) {
    const [x, labels] = [at(node, 0), at(node, 1)];
    return [addAtLabel(expand(scalar(0), x.shape), labels, dy), null];
  },
  form: {
    kind: 'primitive',
    emit: (node, onnx) => onnx.node('GatherElements', [onnx.input(0), indices(node, onnx)], { axis: int(1) }),
  },
};

/** x + y at the labels, y [n, 1]; elsewhere x. */
export const addAtLabelOp: Operator = {
  name: 'addAtLabel',
  shape(inputs) {
    const [x, labels, y] = operands('addAtLabel', inputs, 3);
    assert(sameShape(y?.shape ?? [], columnOf(x, labels)), `a number a picture, not [${y?.shape}]`);
    return x?.shape ?? [];
  },
  gradient: (node, dy) => [dy, null, takeAtLabel(dy, at(node, 1))],
  form: {
    kind: 'primitive',
    emit: (node, onnx) =>
      onnx.node('ScatterElements', [onnx.input(0), indices(node, onnx), onnx.input(2)], {
        ...{ axis: int(1), reduction: text('add') },
      }),
  },
};

function columnOf(x: Value | undefined, labels: Value | undefined): Shape {
  const [n = 0, classes] = x?.shape ?? [];
  assert(
    classes !== undefined && labels?.type === 'int32' && sameShape(labels.shape, [n]),
    `labels int32 [${n}] of [${x?.shape}]`,
  );
  return [n, 1];
}

/** The labels as a column. */
const indices = (node: Value, onnx: Emitter): string =>
  onnx.node('Reshape', [onnx.input(1), onnx.ints([side(node.shape, 0), 1])]);

export function takeAtLabel(x: Value, labels: Value): Value {
  return node(takeAtLabelOp, [x, labels], {});
}

export function addAtLabel(x: Value, labels: Value, y: Value): Value {
  return node(addAtLabelOp, [x, labels, y], {});
}
