import type { Shape, Value } from '../../../src/core/graph/value.ts';
import { add } from '../../../src/core/ops/add.ts';
import { affine } from '../../../src/core/ops/affine.ts';
import { averagePool } from '../../../src/core/ops/average-pool.ts';
import { clip } from '../../../src/core/ops/clip.ts';
import { concat } from '../../../src/core/ops/concat.ts';
import { conv } from '../../../src/core/ops/conv.ts';
import { convAdjoint } from '../../../src/core/ops/conv-adjoint.ts';
import { convFilterGradient } from '../../../src/core/ops/conv-filter-gradient.ts';
import { type ConvOptions, convAttributes, convShape } from '../../../src/core/ops/conv-shape.ts';
import { cos } from '../../../src/core/ops/cos.ts';
import { dilate } from '../../../src/core/ops/dilate.ts';
import { divide } from '../../../src/core/ops/divide.ts';
import { erf, gelu } from '../../../src/core/ops/erf.ts';
import { exp } from '../../../src/core/ops/exp.ts';
import { expand } from '../../../src/core/ops/expand.ts';
import { flip } from '../../../src/core/ops/flip.ts';
import { hardSigmoid } from '../../../src/core/ops/hard-sigmoid.ts';
import { hardSwish } from '../../../src/core/ops/hard-swish.ts';
import { layerNorm } from '../../../src/core/ops/layer-norm.ts';
import { less } from '../../../src/core/ops/less.ts';
import { log } from '../../../src/core/ops/log.ts';
import { logSoftmax } from '../../../src/core/ops/log-softmax.ts';
import { matmul } from '../../../src/core/ops/matmul.ts';
import { maxPool } from '../../../src/core/ops/max-pool.ts';
import { maximum } from '../../../src/core/ops/maximum.ts';
import { multiply, scale } from '../../../src/core/ops/multiply.ts';
import { moments, normalise } from '../../../src/core/ops/normalise.ts';
import { pad } from '../../../src/core/ops/pad.ts';
import { full, half, like } from '../../../src/core/ops/precision.ts';
import { prelu } from '../../../src/core/ops/prelu.ts';
import { reduceMax } from '../../../src/core/ops/reduce-max.ts';
import { reduceMean, reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { reduceSumSquare } from '../../../src/core/ops/reduce-sum-square.ts';
import { relu } from '../../../src/core/ops/relu.ts';
import { relu6 } from '../../../src/core/ops/relu6.ts';
import { reshape } from '../../../src/core/ops/reshape.ts';
import { type ResizeOptions, resize } from '../../../src/core/ops/resize.ts';
import { sigmoid } from '../../../src/core/ops/sigmoid.ts';
import { silu } from '../../../src/core/ops/silu.ts';
import { sin } from '../../../src/core/ops/sin.ts';
import { slice } from '../../../src/core/ops/slice.ts';
import { slotMatmul } from '../../../src/core/ops/slot-matmul.ts';
import { softmax } from '../../../src/core/ops/softmax.ts';
import { sqrt } from '../../../src/core/ops/sqrt.ts';
import { subtract } from '../../../src/core/ops/subtract.ts';
import { transpose } from '../../../src/core/ops/transpose.ts';
import { where } from '../../../src/core/ops/where.ts';

/** A function of some inputs: which operator it tests, its inputs' shapes, and what it computes. */
export interface Case {
  readonly op: string;
  readonly what: string;
  readonly shapes: readonly Shape[];
  readonly of: (...inputs: Value[]) => Value;
  /** Inputs are kept away from 0 and are above it, for roots and logarithms. */
  readonly positive?: boolean;
}

type Of = Case['of'];
const image: Shape = [2, 3, 4, 5];
const make = (op: string, what: string, shapes: readonly Shape[], of: Of, positive = false): Case => ({
  op,
  what,
  shapes,
  of,
  positive,
});

/** The ways in which two shapes broadcast. */
const pairs: readonly (readonly [string, readonly Shape[]])[] = [
  ['same shapes', [image, image]],
  ['a number', [image, []]],
  [
    'rows and columns',
    [
      [4, 1],
      [1, 5],
    ],
  ],
  ['per channel', [image, [3, 1, 1]]],
  ['per channel, first', [[3, 1, 1], image]],
];

const binary = (op: string, of: (a: Value, b: Value) => Value, positive = false): Case[] =>
  pairs.map(([what, shapes]) => make(op, what, shapes, of, positive));

const unary = (op: string, of: (x: Value) => Value, positive = false): Case[] => [
  make(op, 'a picture', [image], of, positive),
];

const convolution = (what: string, x: Shape, w: Shape, options: ConvOptions = {}): Case[] => {
  const attributes = convAttributes(options);
  const dy = convShape(x, w, attributes);
  return [
    make('conv', what, [x, w], (a, b) => conv(a, b, options)),
    make('convAdjoint', what, [dy, w], (a, b) => convAdjoint(a, b, x, attributes)),
    make('convFilterGradient', what, [x, dy], (a, b) => convFilterGradient(a, b, w, attributes)),
  ];
};

/** [slots, rows, columns] as it is, or with the slots second. */
const moved = ([slots = 0, rows = 0, columns = 0]: Shape, second: boolean): Shape =>
  second ? [rows, slots, columns] : [slots, rows, columns];

/** Whole factors are ONNX's own Resize, others are products. */
const resizes: Case[] = (
  [
    ['nearest, twice', [8, 10], { mode: 'nearest' }],
    ['nearest, by a part', [6, 4], { mode: 'nearest' }],
    [
      'nearest, from the middle',
      [8, 10],
      { mode: 'nearest', grid: 'half_pixel', rounding: 'round_prefer_ceil' },
    ],
    ['linear, twice', [8, 10], { mode: 'linear' }],
    ['linear, corners stay', [8, 15], { mode: 'linear', grid: 'align_corners' }],
    ['linear, corners stay, by a part', [7, 9], { mode: 'linear', grid: 'align_corners' }],
    ['linear, by a factor of its own', [6, 7], { mode: 'linear', grid: 'asymmetric', factors: [1.5, 1.5] }],
  ] as const satisfies readonly (readonly [string, readonly [number, number], ResizeOptions])[]
).map(([what, size, options]) => make('resize', what, [image], (x) => resize(x, size, options)));

/** Every operator's ways to be used; small, so that the reference is quick. */
export const cases: readonly Case[] = [
  ...binary('add', add),
  make('affine', 'a picture', [image, [3], [3]], affine),
  make('affine', 'rows', [[4, 3], [3], [3]], affine),
  make('averagePool', 'windows side by side', [[2, 3, 4, 6]], (x) => averagePool(x, { kernel: 2 })),
  make('averagePool', 'overlapping, padded', [[2, 3, 5, 6]], (x) =>
    averagePool(x, { kernel: 3, stride: 2, padding: 1 }),
  ),
  ...unary('clip', (x) => clip(x, -0.5, 0.7)),
  ...unary('clip', (x) => clip(x, Number.NEGATIVE_INFINITY, 0)),
  make('concat', 'channels', [image, [2, 1, 4, 5], image], (...all) => concat(all, 1)),
  ...convolution('3×3', [2, 8, 6, 5], [4, 8, 3, 3], { padding: 1 }),
  ...convolution('3×3, large', [1, 8, 30, 29], [2, 8, 3, 3], { padding: 1 }),
  ...convolution('few channels', [2, 3, 6, 5], [4, 3, 3, 3], { padding: 1 }),
  ...convolution('few channels, stride 2', [2, 3, 6, 7], [4, 3, 3, 3], { padding: 1, stride: 2 }),
  ...convolution('stride 2 with a rest', [1, 8, 8, 9], [3, 8, 3, 3], { padding: 1, stride: 2 }),
  ...convolution('stride 2, large', [1, 8, 59, 58], [2, 8, 3, 3], { padding: 1, stride: 2 }),
  ...convolution('dilated', [1, 8, 7, 7], [3, 8, 3, 3], { padding: 2, dilation: 2 }),
  ...convolution('uneven everything', [1, 9, 8, 9], [2, 9, 2, 4], {
    padding: [1, 0, 2, 3],
    stride: [2, 3],
    dilation: [2, 1],
  }),
  ...convolution('padded beyond the filter', [1, 2, 4, 4], [3, 2, 1, 1], { padding: 1 }),
  ...convolution('1×1', [2, 5, 3, 4], [4, 5, 1, 1]),
  ...convolution('1×1, stride 2', [2, 5, 5, 4], [4, 5, 1, 1], { stride: 2 }),
  ...convolution('depthwise', [2, 5, 6, 6], [5, 1, 3, 3], { padding: 1, groups: 5 }),
  ...convolution('depthwise, stride 2', [2, 5, 6, 7], [5, 1, 3, 3], { padding: 1, stride: 2, groups: 5 }),
  ...convolution('depthwise, two each', [2, 3, 5, 5], [6, 1, 3, 3], { padding: 1, groups: 3 }),
  ...convolution('grouped', [2, 6, 5, 5], [4, 3, 3, 3], { padding: 1, groups: 2 }),
  ...convolution('grouped, 1×1', [2, 6, 5, 5], [4, 3, 1, 1], { groups: 2 }),
  ...convolution('grouped, stride 2, dilated', [1, 4, 9, 8], [6, 2, 3, 3], {
    padding: 1,
    stride: 2,
    dilation: 2,
    groups: 2,
  }),
  ...convolution('the whole picture', [2, 4, 3, 3], [4, 1, 3, 3], { groups: 4 }),
  ...unary('dilate', (x) => dilate(x, [1, 1, 2, 3])),
  ...binary('divide', divide, true),
  ...unary('erf', erf),
  ...unary('erf', gelu),
  ...unary('cos', cos),
  ...unary('exp', exp),
  make('expand', 'rows', [[3, 1]], (x) => expand(x, [2, 3, 4])),
  ...unary('flip', (x) => flip(x, [1, 3])),
  // three times as far, so that both corners are passed
  ...unary('hardSigmoid', (x) => hardSigmoid(scale(x, 3))),
  ...unary('hardSwish', (x) => hardSwish(scale(x, 3))),
  make('layerNorm', 'rows', [[2, 3, 5], [5], [5]], (x, g, b) => layerNorm(x, g, b, 1e-3)),
  ...unary('log', log, true),
  make('logSoftmax', 'rows', [[3, 7]], logSoftmax),
  make(
    'matmul',
    'two matrices',
    [
      [3, 4],
      [4, 5],
    ],
    (a, b) => matmul(a, b),
  ),
  make(
    'matmul',
    'Aᵀ',
    [
      [4, 3],
      [4, 5],
    ],
    (a, b) => matmul(a, b, { ta: true }),
  ),
  make(
    'matmul',
    'Bᵀ',
    [
      [3, 4],
      [5, 4],
    ],
    (a, b) => matmul(a, b, { tb: true }),
  ),
  make(
    'matmul',
    'Aᵀ and Bᵀ',
    [
      [4, 3],
      [5, 4],
    ],
    (a, b) => matmul(a, b, { ta: true, tb: true }),
  ),
  make(
    'matmul',
    'batches',
    [
      [2, 3, 4],
      [2, 4, 5],
    ],
    (a, b) => matmul(a, b),
  ),
  make(
    'matmul',
    'batches, Aᵀ and Bᵀ',
    [
      [2, 4, 3],
      [2, 5, 4],
    ],
    (a, b) => matmul(a, b, { ta: true, tb: true }),
  ),
  make(
    'matmul',
    'a batch and a matrix',
    [
      [2, 3, 4],
      [4, 5],
    ],
    (a, b) => matmul(a, b),
  ),
  make('maxPool', 'windows side by side', [[2, 3, 4, 6]], (x) => maxPool(x, { kernel: 2 })),
  make('maxPool', 'overlapping, padded', [[2, 3, 5, 6]], (x) =>
    maxPool(x, { kernel: 3, stride: 2, padding: 1 }),
  ),
  make('maxPool', 'overlapping unevenly', [[2, 3, 7, 8]], (x) =>
    maxPool(x, { kernel: [4, 3], stride: [3, 2], padding: [1, 0, 2, 1] }),
  ),
  make('maxPool', 'with gaps', [[2, 3, 7, 8]], (x) => maxPool(x, { kernel: [1, 2], stride: [2, 3] })),
  make('maxPool', 'at every pixel', [[2, 3, 5, 4]], (x) => maxPool(x, { kernel: 3, stride: 1, padding: 1 })),
  ...binary('maximum', maximum),
  ...binary('multiply', multiply),
  make('normalise', 'a picture', [image, [3], [3]], (x, g, b) => normalise(x, g, b, moments(x), 1e-3)),
  make('normalise', 'rows', [[6, 3], [3], [3]], (x, g, b) => normalise(x, g, b, moments(x), 1e-3)),
  ...unary('pad', (x) => pad(x, [0, 1, 2, 0], [1, 0, 0, 2], 0.5)),
  make('prelu', 'a picture', [image, [3]], prelu),
  make('prelu', 'rows', [[6, 3], [3]], prelu),
  ...unary('reduceMax', (x) => reduceMax(x, [1, 3])),
  ...unary('reduceMax', (x) => reduceMax(x, [2], true)),
  ...unary('reduceSum', (x) => reduceSum(x, [0, 2, 3])),
  ...unary('reduceSum', (x) => reduceMean(x, [1], true)),
  ...unary('reduceSum', (x) => reduceSum(x)),
  ...unary('reduceSumSquare', (x) => reduceSumSquare(x, [0, 2])),
  ...unary('full', (x) => full(scale(x, 2))),
  ...unary('half', (x) => half(scale(x, 2))),
  ...binary('like', (a, b) => like(multiply(a, b), add(a, b))),
  ...unary('relu', relu),
  ...unary('relu6', (x) => relu6(scale(x, 6))),
  ...unary('reshape', (x) => reshape(x, [6, 20])),
  ...unary('reshape', (x) => reshape(x, [2, 60])),
  ...resizes,
  ...unary('sigmoid', sigmoid),
  ...unary('sin', sin),
  ...unary('silu', silu),
  ...unary('slice', (x) => slice(x, [0, 1, 0, 1], [2, 3, 4, 5])),
  ...unary('slice', (x) => slice(x, [0, 0, 1, 0], [2, 3, 4, 4], [1, 1, 2, 3])),
  ...[false, true].flatMap((slotsSecondA) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((turned) =>
        make(
          'slotMatmul',
          `${slotsSecondA ? 'slots second' : 'slots first'}, ${transposeA ? 'Aᵀ' : 'A'} and ${turned ? 'Bᵀ, its slots second' : 'B'}`,
          [
            moved(transposeA ? [2, 4, 3] : [2, 3, 4], slotsSecondA),
            moved(turned ? [2, 5, 4] : [2, 4, 5], turned),
          ],
          (a, b) => slotMatmul(a, b, { slotsSecondA, slotsSecondB: turned, transposeA, transposeB: turned }),
        ),
      ),
    ),
  ),
  make('softmax', 'rows', [[2, 3, 7]], softmax),
  ...unary('sqrt', sqrt, true),
  ...binary('subtract', subtract),
  ...unary('transpose', (x) => transpose(x, [2, 0, 3, 1])),
  ...binary('where', (a, b) => where(less(a, b), a, multiply(b, b))),
];
