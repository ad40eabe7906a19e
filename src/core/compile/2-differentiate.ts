import { assert } from '../base/assert.ts';
import { scalar } from '../graph/builder.ts';
import { repeatedAxes, sameShape } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import { add } from '../ops/add.ts';
import { expand } from '../ops/expand.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';

/**
 * The derivatives of a single number by each of `by`, of their shapes: one walk from the result backwards, in which
 * every operator's rule is asked once and broadcasting is undone here, not in the rules. Zeros where none flows.
 */
export function differentiate(result: Value, by: readonly Value[]): Value[] {
  assert(result.shape.length === 0, 'what is differentiated is a single number');
  const order = topological([result]);
  const needed = dependants(order, by);
  const parts = new Map<Value, Value[]>([[result, [scalar(1)]]]);
  const sums = new Map<Value, Value>();
  for (const value of order.toReversed()) {
    const dy = sum(parts.get(value));
    if (dy === null || !needed.has(value)) continue;
    sums.set(value, dy);
    const rules = value.inputs.length === 0 ? [] : value.op.gradient(value, dy);
    assert(rules.length === value.inputs.length, `${value.op.name} has a derivative for every input`);
    value.inputs.forEach((input, i) => {
      const part = rules[i];
      if (part && needed.has(input))
        parts.set(input, [...(parts.get(input) ?? []), summedTo(part, input.shape)]);
    });
  }
  return by.map((value) => sums.get(value) ?? expand(scalar(0), value.shape));
}

/** The values on the way from one of `by`; what lies elsewhere needs no derivative. */
function dependants(order: readonly Value[], by: readonly Value[]): Set<Value> {
  const found = new Set(by);
  for (const value of order) if (value.inputs.some((input) => found.has(input))) found.add(value);
  return found;
}

function sum(parts: readonly Value[] | undefined): Value | null {
  return parts?.reduce<Value | null>((total, part) => (total ? add(total, part) : part), null) ?? null;
}

/** Undoes broadcasting: what was repeated is summed. */
function summedTo(dy: Value, shape: Shape): Value {
  if (sameShape(dy.shape, shape)) return dy;
  return reshape(reduceSum(dy, repeatedAxes(shape, dy.shape)), shape);
}
