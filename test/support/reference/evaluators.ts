import { isNode } from '../../../src/core/graph/leaves.ts';
import type { Operator, Value } from '../../../src/core/graph/value.ts';
import { clipOp } from '../../../src/core/ops/clip.ts';
import { concatOp } from '../../../src/core/ops/concat.ts';
import { dilateOp } from '../../../src/core/ops/dilate.ts';
import { flipOp } from '../../../src/core/ops/flip.ts';
import { layerNormOp } from '../../../src/core/ops/layer-norm.ts';
import { matmulOp } from '../../../src/core/ops/matmul.ts';
import { normaliseOp } from '../../../src/core/ops/normalise.ts';
import { padOp } from '../../../src/core/ops/pad.ts';
import { reduceMaxOp } from '../../../src/core/ops/reduce-max.ts';
import { reduceSumOp } from '../../../src/core/ops/reduce-sum.ts';
import { reduceSumSquareOp } from '../../../src/core/ops/reduce-sum-square.ts';
import { resizeOp } from '../../../src/core/ops/resize.ts';
import { sliceOp } from '../../../src/core/ops/slice.ts';
import { slotMatmulOp } from '../../../src/core/ops/slot-matmul.ts';
import { transposeOp } from '../../../src/core/ops/transpose.ts';
import { everyIndex, generate, type Numbers, pick, spread } from './array.ts';
import { enlarge, errorFunction } from './smooth.ts';
import {
  averageWindows,
  convolve,
  convolveAdjoint,
  convolveBlocked,
  filtersGradient,
  filtersGradientBlocked,
  maxWindows,
} from './windows.ts';

export type Evaluate = (value: Value, inputs: readonly Numbers[]) => Numbers;

const nothing: Numbers = { shape: [0], data: new Float64Array(0) };
const first = (inputs: readonly Numbers[], index = 0): Numbers => inputs[index] ?? nothing;

/** Every element from the elements that broadcasting puts there. */
const each =
  (of: (...operands: number[]) => number): Evaluate =>
  (value, inputs) =>
    generate(value.shape, (index) => of(...inputs.map((array) => spread(array, index))));

/** An evaluator that knows its operator's attributes. */
function typed<A extends object>(
  op: Operator<A>,
  evaluate: (value: Value<A>, inputs: readonly Numbers[]) => Numbers,
): [string, Evaluate] {
  return [
    op.name,
    (value, inputs) => {
      if (!isNode(value, op)) throw new Error(`${value.op.name} is no ${op.name}`);
      return evaluate(value, inputs);
    },
  ];
}

/** A reduction, from its start, over every element that falls on the same place. */
function reduction(op: typeof reduceSumOp, start: number, next: (total: number, x: number) => number) {
  return typed(op, ({ shape, attributes: { axes } }, inputs) => {
    const x = first(inputs);
    const small = generate(
      x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side)),
      () => start,
    );
    everyIndex(x.shape, (index, position) => {
      let place = 0;
      small.shape.forEach((side, axis) => {
        place = place * side + (side === 1 ? 0 : (index[axis] ?? 0));
      });
      small.data[place] = next(small.data[place] ?? 0, x.data[position] ?? 0);
    });
    return { shape, data: small.data };
  });
}

const channel = (array: Numbers, index: readonly number[]): number => array.data[index[1] ?? 0] ?? Number.NaN;
/** The numbers along the last axis at an index. */
const rowOf = (array: Numbers, index: readonly number[]): number[] =>
  Array.from({ length: array.shape.at(-1) ?? 1 }, (_, i) => pick(array, index.with(-1, i)));
/** The label of a row, which comes second. */
const labelAt = (inputs: readonly Numbers[], row: number): number => first(inputs, 1).data[row] ?? Number.NaN;
const relabel: Evaluate = ({ shape }, inputs) => ({ shape, data: first(inputs).data });

/** How each operator is defined, element by element. */
export const evaluators: ReadonlyMap<string, Evaluate> = new Map([
  ['add', each((a = 0, b = 0) => a + b)],
  [
    'affine',
    ({ shape }, [x = nothing, a = nothing, b = nothing]) =>
      generate(shape, (index) => pick(x, index) * channel(a, index) + channel(b, index)),
  ],
  averageWindows,
  [
    'blockedAffine',
    ({ shape }, [x = nothing, a = nothing, b = nothing, more]) =>
      generate(shape, (index) => {
        const own = pick(x, index) * channel(a, index) + channel(b, index);
        return more ? own + pick(more, index) : own;
      }),
  ],
  convolveBlocked,
  ['cast', relabel],
  typed(clipOp, ({ shape, attributes: { low, high } }, inputs) =>
    generate(shape, (index) => Math.min(Math.max(pick(first(inputs), index), low), high)),
  ),
  typed(concatOp, ({ shape, attributes: { axis } }, inputs) =>
    generate(shape, (index) => {
      let at = index[axis] ?? 0;
      for (const array of inputs) {
        const length = array.shape[axis] ?? 0;
        if (at < length) return pick(array, index.with(axis, at));
        at -= length;
      }
      return Number.NaN;
    }),
  ),
  convolve,
  convolveAdjoint,
  filtersGradient,
  filtersGradientBlocked,
  ['cos', each((x = 0) => Math.cos(x))],
  ['detach', relabel],
  typed(dilateOp, ({ shape, attributes: { factors } }, inputs) =>
    generate(shape, (index) => {
      const source = index.map((i, axis) => i / (factors[axis] ?? 1));
      return source.every(Number.isInteger) ? pick(first(inputs), source) : 0;
    }),
  ),
  ['divide', each((a = 0, b = 0) => a / b)],
  ['erf', each((x = 0) => errorFunction(x))],
  ['exp', each((x = 0) => Math.exp(x))],
  ['expand', each((x = 0) => x)],
  typed(flipOp, ({ shape, attributes: { axes } }, inputs) =>
    generate(shape, (index) =>
      pick(
        first(inputs),
        index.map((i, axis) => (axes.includes(axis) ? (shape[axis] ?? 0) - 1 - i : i)),
      ),
    ),
  ),
  ['fromBlocks', relabel], // blocks are about memory, not about numbers
  ['full', relabel],
  ['half', relabel],
  ['hardSigmoid', each((x = 0) => Math.min(Math.max(x / 6 + 0.5, 0), 1))],
  ['hardSwish', each((x = 0) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1))],
  typed(layerNormOp, ({ shape, attributes: { epsilon } }, [x = nothing, gamma = nothing, beta = nothing]) =>
    generate(shape, (index) => {
      const row = rowOf(x, index);
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
      const unit = (pick(x, index) - mean) / Math.sqrt(variance + epsilon);
      const column = index.at(-1) ?? 0;
      return (gamma.data[column] ?? Number.NaN) * unit + (beta.data[column] ?? Number.NaN);
    }),
  ),
  ['less', each((a = 0, b = 0) => Number(a < b))],
  ['like', relabel],
  ['log', each((x = 0) => Math.log(x))],
  [
    'logSoftmax',
    ({ shape }, inputs) => {
      const x = first(inputs);
      return generate(shape, (index) => {
        const row = rowOf(x, index);
        const largest = Math.max(...row);
        const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
        return pick(x, index) - largest - Math.log(total);
      });
    },
  ],
  typed(matmulOp, ({ shape, attributes: { transposeA, transposeB } }, [a = nothing, b = nothing]) => {
    const inner = a.shape.at(transposeA ? -2 : -1) ?? 0;
    return generate(shape, (index) => {
      const [row = 0, column = 0] = index.slice(-2);
      const lead = index.slice(0, -2);
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const left = spread(a, [...lead, ...(transposeA ? [k, row] : [row, k])]);
        sum += left * spread(b, [...lead, ...(transposeB ? [column, k] : [k, column])]);
      }
      return sum;
    });
  }),
  maxWindows,
  ['maximum', each((a = 0, b = 0) => Math.max(a, b))],
  ['multiply', each((a = 0, b = 0) => a * b)],
  typed(normaliseOp, ({ shape, attributes: { epsilon } }, [x, gamma, beta, mean, variance]) =>
    generate(shape, (index) => {
      const centred = pick(x ?? nothing, index) - channel(mean ?? nothing, index);
      const deviation = Math.sqrt(channel(variance ?? nothing, index) + epsilon);
      return (channel(gamma ?? nothing, index) * centred) / deviation + channel(beta ?? nothing, index);
    }),
  ),
  [
    'oneHot',
    ({ shape }, inputs) =>
      generate(shape, ([row = 0, column]) => (first(inputs).data[row] === column ? 1 : 0)),
  ],
  [
    'takeAtLabel',
    ({ shape }, inputs) => generate(shape, ([row = 0]) => pick(first(inputs), [row, labelAt(inputs, row)])),
  ],
  [
    'addAtLabel',
    ({ shape }, inputs) =>
      generate(shape, (index) => {
        const [row = 0, column] = index;
        const there = column === labelAt(inputs, row) ? pick(first(inputs, 2), [row, 0]) : 0;
        return pick(first(inputs), index) + there;
      }),
  ],
  typed(padOp, ({ shape, attributes: { before, value } }, inputs) => {
    const x = first(inputs);
    return generate(shape, (index) => {
      const source = index.map((i, axis) => i - (before[axis] ?? 0));
      const inside = source.every((i, axis) => i >= 0 && i < (x.shape[axis] ?? 0));
      return inside ? pick(x, source) : value;
    });
  }),
  [
    'prelu',
    ({ shape }, [x = nothing, a = nothing]) =>
      generate(shape, (index) => {
        const value = pick(x, index);
        return value > 0 ? value : channel(a, index) * value;
      }),
  ],
  reduction(reduceMaxOp, Number.NEGATIVE_INFINITY, Math.max),
  reduction(reduceSumOp, 0, (total, x) => total + x),
  reduction(reduceSumSquareOp, 0, (total, x) => total + x * x),
  ['relu', each((x = 0) => Math.max(x, 0))],
  ['relu6', each((x = 0) => Math.min(Math.max(x, 0), 6))],
  ['reshape', relabel],
  typed(resizeOp, (value, inputs) => enlarge(value, first(inputs))),
  ['sigmoid', each((x = 0) => 1 / (1 + Math.exp(-x)))],
  ['silu', each((x = 0) => x / (1 + Math.exp(-x)))],
  ['sin', each((x = 0) => Math.sin(x))],
  typed(sliceOp, ({ shape, attributes: { starts, steps } }, inputs) =>
    generate(shape, (index) =>
      pick(
        first(inputs),
        index.map((i, axis) => (starts[axis] ?? 0) + i * (steps[axis] ?? 1)),
      ),
    ),
  ),
  typed(slotMatmulOp, ({ shape, attributes }, [a = nothing, b = nothing]) => {
    const { slotsSecondA, slotsSecondB, transposeA, transposeB } = attributes;
    const inner = transposeA ? a.shape[slotsSecondA ? 0 : 1] : a.shape[2];
    const at = (array: Numbers, second: boolean, slot: number, row: number, column: number): number =>
      pick(array, second ? [row, slot, column] : [slot, row, column]);
    return generate(shape, ([slot = 0, row = 0, column = 0]) => {
      let sum = 0;
      for (let k = 0; k < (inner ?? 0); k++) {
        const left = transposeA ? at(a, slotsSecondA, slot, k, row) : at(a, slotsSecondA, slot, row, k);
        sum +=
          left * (transposeB ? at(b, slotsSecondB, slot, column, k) : at(b, slotsSecondB, slot, k, column));
      }
      return sum;
    });
  }),
  [
    'softmax',
    ({ shape }, inputs) =>
      generate(shape, (index) => {
        const row = rowOf(first(inputs), index);
        const largest = Math.max(...row);
        const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
        return Math.exp(pick(first(inputs), index) - largest) / total;
      }),
  ],
  ['sqrt', each((x = 0) => Math.sqrt(x))],
  ['step', each((x = 0) => (x > 0 ? 1 : 0))],
  ['subtract', each((a = 0, b = 0) => a - b)],
  ['toBlocks', relabel],
  typed(transposeOp, ({ shape, attributes: { order } }, inputs) =>
    generate(shape, (index) => {
      const source = index.map(() => 0);
      order.forEach((axis, i) => {
        source[axis] = index[i] ?? 0;
      });
      return pick(first(inputs), source);
    }),
  ),
  ['where', each((answer = 0, a = 0, b = 0) => (answer === 0 ? b : a))],
]);
