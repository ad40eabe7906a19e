import { defined } from '../base/assert.ts';
import { node } from '../graph/builder.ts';
import { constantOp, isNode } from '../graph/leaves.ts';
import type { Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import { type Rule, rules } from './rules.ts';

/**
 * The same results by primitives only and by fewer of them: composed operators are replaced by what they are made of,
 * rules are applied until none changes anything, and values that are computed twice become one. `more` are rules for
 * the machine at hand; `kept` are composed operators that stay, by name.
 */
export function simplify(
  results: readonly Value[],
  more: readonly Rule[] = [],
  kept: readonly string[] = [],
): Value[] {
  const all = [...rules, ...more];
  const known = new Map<string, Value>();
  const identity = numbered();
  const done = new Map<Value, Value>();

  /** The one value among those that compute the same. */
  const unique = (value: Value): Value => {
    const key = `${value.op.name} ${value.inputs.map(identity)} ${attributesKey(value, identity)}`;
    const found = known.get(key) ?? value;
    known.set(key, found);
    return found;
  };
  /** A value whose inputs are simple, as simple as it gets; rewriting makes new values, which are simplified too. */
  const settle = (value: Value): Value => {
    for (const rule of all) {
      const outcome = rule.apply(value);
      if (outcome && !('refused' in outcome)) return rebuilt(outcome);
    }
    const { form } = value.op;
    const stays = form.kind === 'primitive' || kept.includes(value.op.name);
    return stays ? unique(value) : rebuilt(form.lower(value));
  };
  const rebuilt = (result: Value): Value => {
    for (const value of topological([result], (known) => done.has(known))) {
      const inputs = value.inputs.map((input) => defined(done.get(input), 'a simplified input'));
      const same = inputs.every((input, i) => input === value.inputs[i]);
      const simple = settle(same ? value : node(value.op, inputs, value.attributes));
      done.set(value, simple);
      done.set(simple, simple);
    }
    return defined(done.get(result), 'a simplified result');
  };
  return results.map(rebuilt);
}

function numbered(): (value: object) => number {
  const numbers = new Map<object, number>();
  return (value) => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  };
}

/** Short constants are compared by their numbers, long ones are only ever equal to themselves. */
function attributesKey(value: Value, identity: (value: object) => number): string {
  if (!isNode(value, constantOp)) return JSON.stringify(value.attributes, (_, entry) => finite(entry));
  const { data, shape, type } = value.attributes;
  return `${type} ${shape} ${data.length <= 16 ? Array.from(data).join() : `#${identity(data)}`}`;
}

/** JSON has no infinities. */
function finite(entry: unknown): unknown {
  return typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry;
}
