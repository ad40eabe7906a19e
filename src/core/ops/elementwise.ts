import { broadcast } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { OnnxAttributes, Operator, Primitive, Shape, Value } from '../graph/value.ts';

/** What operators that work element by element have in common. */

export function unary(name: string): Operator['shape'] {
  return (inputs) => {
    const [x] = operands(name, inputs, 1);
    return x?.shape ?? [];
  };
}

export function binary(name: string): Operator['shape'] {
  return (inputs) => {
    return operands(name, inputs, 2).reduce<Shape>((shape, value) => broadcast(shape, value.shape), []);
  };
}

/** Written as one ONNX node that takes the same inputs. */
export function plain(op: string, attributes: OnnxAttributes = {}): Primitive<object> {
  return {
    kind: 'primitive',
    emit: ({ inputs }, onnx) =>
      onnx.node(
        op,
        inputs.map((_, i) => onnx.input(i)),
        attributes,
      ),
  };
}

/** A node's inputs as a tuple; the shape rule has made sure that they are there. */
export function one(node: Value): Value {
  return at(node, 0);
}

export function two(node: Value): readonly [Value, Value] {
  return [at(node, 0), at(node, 1)];
}

export function at(node: Value, index: number): Value {
  const value = node.inputs[index];
  if (value === undefined) throw new Error(`assertion failed: ${node.op.name} has an input ${index}`);
  return value;
}
