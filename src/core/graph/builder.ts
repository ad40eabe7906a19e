import { assert } from '../base/assert.ts';
import { constantOp, inputOp } from './leaves.ts';
import { count } from './shape.ts';
import { checkValue } from './spec.ts';
import type { ElementType, Operator, Shape, Value } from './value.ts';

/** Makes a value. There is no other way, so that every value of a graph has been checked. */
export function node<A extends object>(op: Operator<A>, inputs: readonly Value[], attributes: A): Value<A> {
  const shape = op.shape(inputs, attributes);
  const type = op.type?.(attributes) ?? precisionOf(inputs);
  const value = { op, inputs, attributes, shape, type };
  checkValue(value);
  return value;
}

function precisionOf(inputs: readonly Value[]): 'float32' | 'float16' {
  return inputs.some(({ type }) => type === 'float16') ? 'float16' : 'float32';
}

/** What is fed in at every run. Names are unique in a graph. */
export function input(name: string, shape: Shape, type: ElementType = 'float32'): Value {
  return node(inputOp, [], { name, shape, type });
}

/** Numbers that are part of the graph; they are rounded to their type only where the graph is written. */
export function constant(
  data: ArrayLike<number>,
  shape: Shape,
  type: 'float32' | 'float16' = 'float32',
): Value {
  assert(data.length === count(shape), () => `${data.length} numbers fill [${shape}]`);
  return node(constantOp, [], { data, shape, type });
}

export function scalar(value: number): Value {
  return constant([value], []);
}
