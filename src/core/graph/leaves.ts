import type { ElementType, Operator, Shape, Value } from './value.ts';

/** The two kinds of values that are computed from nothing. */

export type InputAttributes = { readonly name: string; readonly shape: Shape; readonly type: ElementType };

export const inputOp: Operator<InputAttributes> = {
  name: 'input',
  shape: (_, { shape }) => shape,
  type: ({ type }) => type,
  gradient: () => [],
  form: { kind: 'primitive', emit: ({ attributes }) => attributes.name },
};

export type ConstantAttributes = {
  readonly data: ArrayLike<number>;
  readonly shape: Shape;
  readonly type: 'float32' | 'float16';
};

export const constantOp: Operator<ConstantAttributes> = {
  name: 'constant',
  shape: (_, { shape }) => shape,
  type: ({ type }) => type,
  gradient: () => [],
  form: { kind: 'primitive', emit: ({ attributes }, onnx) => onnx.floats(attributes.data, attributes.shape) },
};

/** Whether a value is a node of this operator, with its attributes' type. */
export function isNode<A extends object>(value: Value, op: Operator<A>): value is Value<A> {
  return value.op.name === op.name;
}

/** The number that a constant of one element holds, or null. */
export function scalarValue(value: Value): number | null {
  return isNode(value, constantOp) && value.attributes.data.length === 1
    ? (value.attributes.data[0] ?? null)
    : null;
}
