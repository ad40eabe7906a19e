import { assert } from '../base/assert.ts';
import type { Value } from './value.ts';

/** onnxruntime's buffers are indexed by 32 bits in places. */
const mostElements = 2 ** 31;

/**
 * What holds for every value of every graph; what holds for one operator is asserted by its shape rule.
 * Asserts, because users never make nodes: recipes are validated before.
 */
export function checkValue(value: Value): void {
  const { op, shape, inputs } = value;
  const speak = (): string => `${op.name}(${inputs.map((i) => `[${i.shape}]`).join(', ')}) gives [${shape}]`;
  assert(shape.length <= 8, `${speak()}: at most eight axes`);
  assert(
    shape.every((side) => Number.isInteger(side) && side > 0),
    `${speak()}: sides are whole and positive`,
  );
  assert(shape.reduce((a, b) => a * b, 1) < mostElements, `${speak()}: too many elements`);
}

/** All inputs must be numbers to compute with. */
export function assertFloat(name: string, inputs: readonly Value[]): void {
  for (const { type } of inputs) assert(type === 'float32', `${name} of ${type}`);
}

/** The one, two or three inputs of an operator, all there and no more. */
export function operands(name: string, inputs: readonly Value[], wanted: number): readonly Value[] {
  assert(inputs.length === wanted, `${name} takes ${wanted} inputs, not ${inputs.length}`);
  return inputs;
}
