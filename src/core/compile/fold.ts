import { defined } from '../base/assert.ts';
import { counted } from '../base/counted.ts';
import { constant, node } from '../graph/builder.ts';
import { constantOp, inputOp, isNode } from '../graph/leaves.ts';
import type { Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import { at } from '../ops/elementwise.ts';
import { normaliseOp } from '../ops/normalise.ts';
import { preluOp } from '../ops/prelu.ts';
import { reshape } from '../ops/reshape.ts';
import { foldRules } from './fold-rules.ts';
import { keptNormaliseOp, keptPreluOp } from './folded-ops.ts';

/**
 * A trained network with as little left to do as can be: its numbers are constants, and normalisation is part of the
 * convolution or linear layer before or after it wherever that computes the same.
 */
export function fold(result: Value, trained: ReadonlyMap<string, Float32Array>): Value {
  return foldWith(result, [], trained).result;
}

/** The same, and what has become of values on the way: null where nothing computes that any more. */
export function foldWith(
  result: Value,
  values: readonly Value[],
  trained: ReadonlyMap<string, Float32Array>,
): { readonly result: Value; readonly values: readonly (Value | null)[] } {
  const order = topological([result]);
  const done = new Map<Value, Value>();
  // how many take a value: what several take cannot be changed for one of them
  const users = counted(order.flatMap(({ inputs }) => inputs));
  const rules = foldRules((value) => users.get(value) ?? 0);
  for (const old of order) {
    let value = rebuilt(bound(old, trained), old, done);
    for (let settled = false; !settled; ) {
      settled = true;
      for (const rule of rules) {
        const outcome = rule.apply(value);
        if (!outcome || 'refused' in outcome) continue;
        value = outcome;
        settled = false;
      }
      users.set(value, users.get(old) ?? 0);
    }
    done.set(old, value);
  }
  const end = finished(defined(done.get(result), 'the folded result'));
  return {
    result: defined(end.get(defined(done.get(result), 'the folded result')), 'the finished result'),
    values: values.map((value) => {
      const folded = done.get(value);
      return (folded && end.get(folded)) ?? null;
    }),
  };
}

/** A parameter as its trained numbers. */
function bound(value: Value, trained: ReadonlyMap<string, Float32Array>): Value {
  if (!isNode(value, inputOp)) return value;
  const data = trained.get(value.attributes.name);
  return data === undefined ? value : constant(data, value.shape);
}

function rebuilt(value: Value, old: Value, done: ReadonlyMap<Value, Value>): Value {
  const inputs = old.inputs.map((input) => defined(done.get(input), 'a folded input'));
  return inputs.every((input, i) => input === value.inputs[i])
    ? value
    : node(value.op, inputs, value.attributes);
}

/** What is left as ONNX's own nodes, by what it was. */
function finished(result: Value): ReadonlyMap<Value, Value> {
  const done = new Map<Value, Value>();
  for (const old of topological([result])) {
    const value = rebuilt(old, old, done);
    if (isNode(value, normaliseOp)) done.set(old, node(keptNormaliseOp, value.inputs, value.attributes));
    else if (isNode(value, preluOp)) done.set(old, node(keptPreluOp, [at(value, 0), slopes(value)], {}));
    else done.set(old, value);
  }
  return done;
}

/** Of a PReLU: [channels] → [channels, 1, ..]. */
function slopes(value: Value): Value {
  const slope = at(value, 1);
  const shape = [
    ...slope.shape,
    ...at(value, 0)
      .shape.slice(2)
      .map(() => 1),
  ];
  return isNode(slope, constantOp) ? constant(slope.attributes.data, shape) : reshape(slope, shape);
}
