import { assert, defined } from '../base/assert.ts';
import { constant, node } from '../graph/builder.ts';
import { constantOp, isNode } from '../graph/leaves.ts';
import { count } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import { cast, castOp } from '../ops/cast.ts';
import { at } from '../ops/elementwise.ts';
import { expand, expandOp } from '../ops/expand.ts';
import { fullOp, halfOp, likeOp } from '../ops/precision.ts';
import { fewNumbers, halfTable } from './half-table.ts';

/**
 * Mixed precision (Micikevicius et al. 2018): a simplified graph with its marks (ops/precision.ts) becomes the same graph
 * with casts. Half precision begins at the mark `half` and goes on through every operator that takes such a number, by
 * halfTable; parameters and factors that meet it are rounded where they do. It ends at `full`. One walk over primitives,
 * after differentiation, so that the way back goes by the same table as the way forward; inputs and results stay of single
 * precision, and with them parameters, what the optimizer remembers, and statistics.
 */
export function withCasts(results: readonly Value[]): Value[] {
  const done = new Map<Value, Value>();
  const casts = openCasts();
  for (const value of topological(results)) {
    const inputs = value.inputs.map((input) => defined(done.get(input), 'an input with casts'));
    done.set(value, converted(value, inputs, casts));
  }
  return results.map((result) => casts.as(defined(done.get(result), 'a result with casts'), 'float32'));
}

type Precision = 'float32' | 'float16';

interface Casts {
  /** The value in a precision; whole numbers and answers stay as they are. */
  as(value: Value, to: Precision): Value;
}

function converted(value: Value, inputs: readonly Value[], { as }: Casts): Value {
  const [first] = inputs;
  if (first && isNode(value, halfOp)) return as(first, 'float16');
  if (first && isNode(value, fullOp)) return as(first, 'float32');
  if (first && isNode(value, likeOp)) return as(first, precisionOf(at({ ...value, inputs }, 1)));
  const made = (to: Precision): Value => {
    const taken = inputs.map((input) => as(input, to));
    const same = taken.every((input, i) => input === value.inputs[i]);
    return same ? value : node(value.op, taken, value.attributes);
  };
  if (!inputs.some(({ type }) => type === 'float16')) return made('float32');
  const rule = defined(halfTable[value.op.name], `how ${value.op.name} runs in half precision`);
  assert(rule !== 'never', `${value.op.name} is for processors, which train in single precision`);
  if (rule === 'half') return made('float16');
  const single = made('float32');
  const few = inputs.every(({ shape }) => count(shape) <= fewNumbers * count(value.shape));
  return rule === 'rounded' || (rule === 'sum' && few) ? as(single, 'float16') : single;
}

function precisionOf({ type }: Value): Precision {
  return type === 'float16' ? 'float16' : 'float32';
}

/** Every value is cast once, however many take it. */
function openCasts(): Casts {
  const known: Readonly<Record<Precision, Map<Value, Value>>> = { float32: new Map(), float16: new Map() };
  const as = (value: Value, to: Precision): Value => {
    if (value.type === to || (value.type !== 'float32' && value.type !== 'float16')) return value;
    const found = known[to].get(value) ?? made(value, to);
    known[to].set(value, found);
    return found;
  };
  const made = (value: Value, to: Precision): Value => {
    if (isNode(value, constantOp)) return constant(value.attributes.data, value.shape, to);
    // what is repeated is rounded before
    if (isNode(value, expandOp)) return expand(as(at(value, 0), to), value.shape);
    const source = isNode(value, castOp) ? at(value, 0) : null;
    // half to single and back is nothing; pixels and masks are exact in half precision
    if (to === 'float16' && source?.type === 'float16') return source;
    if (to === 'float16' && source?.type === 'uint8') return cast(source, to);
    return cast(value, to);
  };
  return { as };
}
