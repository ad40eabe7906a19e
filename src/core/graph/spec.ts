import { assert } from '../base/assert.ts';
import type { Value } from './value.ts';

/** The operators that take pixels, labels and answers; the others take numbers of one precision only. */
const takeOthers: readonly string[] = ['addAtLabel', 'cast', 'oneHot', 'takeAtLabel', 'where'];

/** onnxruntime's buffers are indexed by 32 bits in places. */
const mostElements = 2 ** 31;

/**
 * What holds for every value of every graph; what holds for one operator is asserted by its shape rule.
 * Asserts, because users never make nodes: recipes are validated before.
 */
export function checkValue(value: Value): void {
  const { op, shape, inputs } = value;
  const speak = (): string => `${op.name}(${inputs.map((i) => `[${i.shape}]`).join(', ')}) gives [${shape}]`;
  const floats = inputs.filter(({ type }) => type === 'float32' || type === 'float16');
  assert(
    floats.length === inputs.length || takeOthers.includes(op.name),
    () => `${speak()}: whole numbers are cast before they are used`,
  );
  assert(
    floats.every(({ type }) => type === floats[0]?.type),
    () => `${speak()}: numbers of one precision, not ${floats.map(({ type }) => type).join(' and ')}`,
  );
  assert(shape.length <= 8, () => `${speak()}: at most eight axes`);
  assert(
    shape.every((side) => Number.isInteger(side) && side > 0),
    () => `${speak()}: sides are whole and positive`,
  );
  assert(shape.reduce((a, b) => a * b, 1) < mostElements, () => `${speak()}: too many elements`);
}

/** The one, two or three inputs of an operator, all there and no more. */
export function operands(name: string, inputs: readonly Value[], wanted: number): readonly Value[] {
  assert(inputs.length === wanted, () => `${name} takes ${wanted} inputs, not ${inputs.length}`);
  return inputs;
}
