import { constantOp, inputOp, isNode } from '../../../src/core/graph/leaves.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import type { Numbers } from './array.ts';
import { evaluators } from './evaluators.ts';

export type Feeds = Readonly<Record<string, ArrayLike<number>>>;

/**
 * Computes graphs in double precision, operator by operator as each is defined: the oracle of gradients and of what
 * onnxruntime computes. Composed operators are computed by their own definition, not by what they are made of.
 */
export function interpret(results: readonly Value[], feeds: Feeds): Numbers[] {
  const values = new Map<Value, Numbers>();
  for (const value of topological(results)) values.set(value, compute(value, values, feeds));
  return results.map((result) => need(values.get(result), result));
}

function compute(value: Value, values: ReadonlyMap<Value, Numbers>, feeds: Feeds): Numbers {
  const { shape } = value;
  if (isNode(value, constantOp)) return { shape, data: Float64Array.from(value.attributes.data) };
  if (isNode(value, inputOp)) {
    const fed = feeds[value.attributes.name];
    if (fed === undefined) throw new Error(`nothing is fed to ${value.attributes.name}`);
    return { shape, data: Float64Array.from(fed) };
  }
  const evaluate = evaluators.get(value.op.name);
  if (evaluate === undefined) throw new Error(`the reference cannot compute ${value.op.name}`);
  const inputs = value.inputs.map((input) => need(values.get(input), input));
  const result = evaluate(value, inputs);
  if (result.data.length !== shape.reduce((a, b) => a * b, 1))
    throw new Error(`${value.op.name}: the reference gives [${result.shape}], the shape rule [${shape}]`);
  return result;
}

function need(array: Numbers | undefined, value: Value): Numbers {
  if (array === undefined) throw new Error(`${value.op.name} was not computed`);
  return array;
}
