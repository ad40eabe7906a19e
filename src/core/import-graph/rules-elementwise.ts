import { scalar } from '../graph/builder.ts';
import { count } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { divide } from '../ops/divide.ts';
import { erf, gelu } from '../ops/erf.ts';
import { exp } from '../ops/exp.ts';
import { hardSwish } from '../ops/hard-swish.ts';
import { log } from '../ops/log.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { relu } from '../ops/relu.ts';
import { sigmoid } from '../ops/sigmoid.ts';
import { sqrt } from '../ops/sqrt.ts';
import { subtract } from '../ops/subtract.ts';
import { isKnown } from './entry.ts';
import type { Reader } from './reader.ts';
import { computed, type Rule } from './rule.ts';
import type { Scope } from './scope.ts';

/** Operators that work number by number. */

/**
 * An operand of a sum or product. Numbers a channel beside something learnt are learnt too, as terms and factors are;
 * before the first weight they normalise the picture, and masks and single numbers are constants.
 */
function operand(reader: Reader, scope: Scope, index: number, role: string): Value {
  const entry = reader.entry(index);
  const perChannel = isKnown(entry) && entry.shape.filter((side) => side > 1).length === 1;
  return perChannel && reader.learnt ? scope.weight(reader, index, role, false) : reader.value(index);
}

const pair = (role: string, of: (a: Value, b: Value) => Value): Rule =>
  computed((reader, scope) => {
    if (reader.node.attributes.has('axis') || reader.int('broadcast', 0) === 1)
      return reader.refuse('it broadcasts as ONNX did before version 7; convert the file to a later one');
    return of(operand(reader, scope, 0, role), operand(reader, scope, 1, role));
  });

const many = (of: (a: Value, b: Value) => Value): Rule =>
  computed((reader) => reader.entries.map((_, i) => reader.value(i)).reduce(of));

const single = (of: (x: Value, reader: Reader) => Value): Rule =>
  computed((reader) => of(reader.value(0), reader));

const negative = (x: Value): Value => scale(x, -1);
const minimum = (a: Value, b: Value): Value => negative(maximum(negative(a), negative(b)));
const tanh = (x: Value): Value => subtract(scale(sigmoid(scale(x, 2)), 2), scalar(1));
const absolute = (x: Value): Value => maximum(x, negative(x));
/** ln(1 + eˣ), without overflow. */
const softplus = (x: Value): Value => add(relu(x), log(add(scalar(1), exp(negative(absolute(x))))));
/** eˣ − 1 below 0. */
const below = (x: Value): Value => subtract(exp(clip(x, Number.NEGATIVE_INFINITY, 0)), scalar(1));

function leaky(x: Value, slope: number): Value {
  return slope <= 1 ? maximum(x, scale(x, slope)) : add(relu(x), scale(negative(relu(negative(x))), slope));
}

function power(reader: Reader): Value {
  const x = reader.value(0);
  const exponent = reader.known(1, 'the exponent');
  if (count(exponent.shape) !== 1) return reader.refuse('its exponents differ');
  const by = exponent.data[0] ?? 1;
  if (by === 0.5) return sqrt(x);
  if (!Number.isInteger(by) || by < 1 || by > 8)
    return reader.refuse(`its exponent is ${by}; whole ones up to 8 and 0.5 are known here`);
  let result = x;
  for (let i = 1; i < by; i++) result = multiply(result, x);
  return result;
}

/** Its ends are inputs since version 11, attributes before. */
function clipped(reader: Reader): Value {
  const end = (index: number, name: string, otherwise: number): number =>
    reader.has(index) ? (reader.known(index, 'an end').data[0] ?? otherwise) : reader.float(name, otherwise);
  const least = end(1, 'min', Number.NEGATIVE_INFINITY);
  const most = end(2, 'max', Number.POSITIVE_INFINITY);
  // what programs write for no end
  const low = least <= -3e38 ? Number.NEGATIVE_INFINITY : least;
  const high = most >= 3e38 ? Number.POSITIVE_INFINITY : most;
  return low === 0 && high === Number.POSITIVE_INFINITY
    ? relu(reader.value(0))
    : clip(reader.value(0), low, high);
}

export const elementwiseRules: readonly (readonly [string, Rule])[] = [
  ['Abs', single(absolute)],
  ['Add', pair('bias', add)],
  ['Clip', computed(clipped)],
  ['Div', pair('divisor', divide)],
  ['Elu', single((x, reader) => add(relu(x), scale(below(x), reader.float('alpha', 1))))],
  ['Erf', single(erf)],
  ['Exp', single(exp)],
  [
    'Gelu',
    single((x, reader) => {
      if (reader.text('approximate', 'none') === 'none') return gelu(x);
      const cubic = multiply(x, add(scale(multiply(x, x), 0.044715), scalar(1)));
      return multiply(x, sigmoid(scale(cubic, 2 * Math.sqrt(2 / Math.PI))));
    }),
  ],
  [
    'HardSigmoid',
    single((x, reader) =>
      clip(add(scale(x, reader.float('alpha', 0.2)), scalar(reader.float('beta', 0.5))), 0, 1),
    ),
  ],
  ['HardSwish', single(hardSwish)],
  ['LeakyRelu', single((x, reader) => leaky(x, reader.float('alpha', 0.01)))],
  ['Log', single(log)],
  ['Max', many(maximum)],
  [
    'Mean',
    computed((reader) =>
      scale(reader.entries.map((_, i) => reader.value(i)).reduce(add), 1 / reader.entries.length),
    ),
  ],
  ['Min', many(minimum)],
  ['Mish', single((x) => multiply(x, tanh(softplus(x))))],
  ['Mul', pair('factor', multiply)],
  ['Neg', single(negative)],
  ['Pow', computed(power)],
  ['Reciprocal', single((x) => divide(scalar(1), x))],
  ['Relu', single(relu)],
  [
    'Selu',
    single((x, reader) => {
      const [alpha, gamma] = [
        reader.float('alpha', 1.6732631921768188),
        reader.float('gamma', 1.0507010221481323),
      ];
      return scale(add(relu(x), scale(below(x), alpha)), gamma);
    }),
  ],
  ['Sigmoid', single(sigmoid)],
  ['Softplus', single(softplus)],
  ['Sqrt', single(sqrt)],
  ['Sub', pair('bias', subtract)],
  ['Sum', many(add)],
  ['Tanh', single(tanh)],
];
