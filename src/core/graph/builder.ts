import { assert } from '../base/assert.ts';
import { constantOp, inputOp } from './leaves.ts';
import { count } from './shape.ts';
import { checkValue } from './spec.ts';
import type { ElementType, Operator, Shape, Value } from './value.ts';

/** Makes a value. There is no other way, so that every value of a graph has been checked. */
export function node<A extends object>(op: Operator<A>, inputs: readonly Value[], attributes: A): Value<A> {
  const shape = op.shape(inputs, attributes);
  const value = { op, inputs, attributes, shape, type: op.type?.(attributes) ?? 'float32' };
  checkValue(value);
  return value;
}

/** What is fed in at every run. Names are unique in a graph. */
export function input(name: string, shape: Shape, type: ElementType = 'float32'): Value {
  return node(inputOp, [], { name, shape, type });
}

/** Numbers that are part of the graph; they are rounded to float32 only where the graph is written. */
export function constant(data: ArrayLike<number>, shape: Shape): Value {
  assert(data.length === count(shape), () => `${data.length} numbers fill [${shape}]`);
  return node(constantOp, [], { data, shape });
}

export function scalar(value: number): Value {
  return constant([value], []);
}
