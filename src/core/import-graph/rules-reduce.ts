import { scalar } from '../graph/builder.ts';
import { count, range, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { maxPool2d, meanPool2d } from '../layers/pool.ts';
import { averagePool } from '../ops/average-pool.ts';
import type { Pair } from '../ops/conv-shape.ts';
import { divide } from '../ops/divide.ts';
import { logSoftmax } from '../ops/log-softmax.ts';
import { maximum } from '../ops/maximum.ts';
import { scale } from '../ops/multiply.ts';
import { reduceMax } from '../ops/reduce-max.ts';
import { reduceMean, reduceSum } from '../ops/reduce-sum.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { reshape } from '../ops/reshape.ts';
import { type ResizeAttributes, resize } from '../ops/resize.ts';
import { softmax } from '../ops/softmax.ts';
import { sqrt } from '../ops/sqrt.ts';
import { transpose } from '../ops/transpose.ts';
import { fromFront, type Reader } from './reader.ts';
import { computed, type Rule } from './rule.ts';
import { paddingOf, pairOf } from './windows.ts';

/** Poolings, reductions, and what else looks at several numbers at once. */

function pooled(reader: Reader): Value {
  const x = reader.value(0);
  if (x.shape.length !== 4)
    return reader.refuse(`it is of ${x.shape.length - 2} axes, and pictures have two`);
  const kernel = pairOf(reader, 'kernel_shape');
  const stride = pairOf(reader, 'strides');
  if (pairOf(reader, 'dilations').some((by) => by !== 1)) return reader.refuse('its windows are dilated');
  const padding = paddingOf(reader, x.shape, kernel, stride, [1, 1]);
  const options = { kernel, stride, padding, ceil: reader.int('ceil_mode', 0) === 1 };
  if (reader.node.op === 'MaxPool') return maxPool2d(x, options);
  if (reader.int('count_include_pad', 0) === 0) return meanPool2d(x, options);
  return options.ceil
    ? reader.refuse('it counts padding and makes windows of what is left over')
    : averagePool(x, options);
}

/** The axes of a reduction, an input since version 18 (of sums since 13), and whether they stay as ones. */
function reduction(of: (x: Value, axes: readonly number[], keep: boolean) => Value): Rule {
  return computed((reader) => {
    const x = reader.value(0);
    const given = reader.has(1) ? reader.ints(1, 'its axes') : reader.list('axes');
    if ((given === null || given.length === 0) && reader.int('noop_with_empty_axes', 0) === 1) return x;
    const all = given === null || given.length === 0 ? range(x.shape.length) : given;
    const axes = all.map((axis) => fromFront(axis, x.shape.length));
    return of(x, axes, reader.int('keepdims', 1) === 1);
  });
}

/** √Σx², at least 1e-12, so that a derivative is there at 0 too. */
const length = (x: Value, axes: readonly number[], keep: boolean): Value =>
  sqrt(maximum(reduceSumSquare(x, axes, keep), scalar(1e-24)));

const spatial = (x: Value): number[] => range(x.shape.length).slice(2);

/** Along one axis since version 13; before, of everything from an axis on as one row. */
function alongRow(of: (x: Value) => Value): Rule {
  return computed((reader) => {
    const x = reader.value(0);
    const rank = x.shape.length;
    const axis = fromFront(reader.int('axis', reader.opset >= 13 ? -1 : 1), rank);
    if (reader.opset < 13) {
      const rows = [count(x.shape.slice(0, axis)), count(x.shape.slice(axis))];
      return reshape(of(reshape(x, rows)), x.shape);
    }
    if (axis === rank - 1) return of(x);
    const exchanged = range(rank).map((i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
    return transpose(of(transpose(x, exchanged)), exchanged);
  });
}

const grids = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'] as const;
const roundings = ['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'] as const;

function resized(reader: Reader): Value {
  const x = reader.value(0);
  const mode = reader.text('mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear')
    return reader.refuse(`its mode is ${mode}; nearest and linear are known here`);
  const old = reader.node.op === 'Upsample' || reader.opset < 11;
  const where = reader.text('coordinate_transformation_mode', old ? 'asymmetric' : 'half_pixel');
  const grid = grids.find((one) => one === where);
  const nearest = reader.text('nearest_mode', old ? 'floor' : 'round_prefer_floor');
  const rounding = roundings.find((one) => one === nearest);
  if (!grid || !rounding) return reader.refuse(`it places pixels by ${where}, ${nearest}`);
  const { size, factors } = enlargement(reader, x, old);
  const options: { factors?: Pair } = factors === null ? {} : { factors };
  return resize(x, size, { mode, grid, rounding, ...options } satisfies Partial<ResizeAttributes> & {
    mode: string;
  });
}

/** Height and width of the result, and the factors where those are stated. */
function enlargement(reader: Reader, x: Value, old: boolean): { size: Pair; factors: Pair | null } {
  if (x.shape.length !== 4) return reader.refuse(`it is of [${x.shape}]; only pictures are known here`);
  const last = (list: readonly number[]): Pair => {
    const [by, on] = [list[0] ?? 1, list[1] ?? 1];
    if (list.length === 4 && (by !== 1 || on !== 1) && by !== side(x.shape, 0))
      return reader.refuse('it changes more than height and width');
    return [list.at(-2) ?? 1, list.at(-1) ?? 1];
  };
  if (!old && reader.has(3)) return { size: last(reader.ints(3, 'its sizes')), factors: null };
  const scales =
    reader.node.op === 'Upsample' && reader.opset < 9
      ? (reader.list('scales') ?? [])
      : reader.ints(old ? 1 : 2, 'its scales');
  const factors = last(scales);
  return {
    size: [Math.floor(side(x.shape, 2) * factors[0]), Math.floor(side(x.shape, 3) * factors[1])],
    factors,
  };
}

export const reduceRules: readonly (readonly [string, Rule])[] = [
  ['AveragePool', computed(pooled)],
  ['GlobalAveragePool', computed((reader) => reduceMean(reader.value(0), spatial(reader.value(0)), true))],
  ['GlobalMaxPool', computed((reader) => reduceMax(reader.value(0), spatial(reader.value(0)), true))],
  ['LogSoftmax', alongRow(logSoftmax)],
  [
    'LpNormalization',
    computed((reader) => {
      const x = reader.value(0);
      if (reader.int('p', 2) !== 2) return reader.refuse('only lengths by squares are known here');
      return divide(x, length(x, [fromFront(reader.int('axis', -1), x.shape.length)], true));
    }),
  ],
  ['MaxPool', computed(pooled)],
  ['ReduceL2', reduction(length)],
  ['ReduceMax', reduction(reduceMax)],
  ['ReduceMean', reduction(reduceMean)],
  ['ReduceMin', reduction((x, axes, keep) => scale(reduceMax(scale(x, -1), axes, keep), -1))],
  ['ReduceSum', reduction(reduceSum)],
  ['ReduceSumSquare', reduction(reduceSumSquare)],
  ['Resize', computed(resized)],
  ['Softmax', alongRow(softmax)],
  ['Upsample', computed(resized)],
];
