import { scalar } from '../graph/builder.ts';
import { count, range, side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { add } from '../ops/add.ts';
import { conv } from '../ops/conv.ts';
import { convAdjoint } from '../ops/conv-adjoint.ts';
import { type ConvAttributes, convAttributes } from '../ops/conv-shape.ts';
import { expand } from '../ops/expand.ts';
import { layerNorm } from '../ops/layer-norm.ts';
import { matmul, transposed } from '../ops/matmul.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { prelu } from '../ops/prelu.ts';
import { perChannel, reshape } from '../ops/reshape.ts';
import { isKnown } from './entry.ts';
import { fromFront, type Reader } from './reader.ts';
import { learning, type Rule } from './rule.ts';
import type { Scope } from './scope.ts';
import { paddingOf, pairOf } from './windows.ts';

/** Operators that have weights. */

function convolution(reader: Reader, scope: Scope): Value {
  const x = reader.value(0);
  const w = scope.weight(reader, 1, 'weight');
  const attributes = attributesOf(reader, x.shape, w.shape);
  return withBias(reader, scope, conv(x, w, attributes));
}

function attributesOf(reader: Reader, x: Shape, w: Shape): ConvAttributes {
  if (x.length !== 4 || w.length !== 4)
    return reader.refuse(`it is of ${x.length - 2} axes, and pictures have two`);
  const [stride, dilation] = [pairOf(reader, 'strides'), pairOf(reader, 'dilations')];
  const kernel = [side(w, 2), side(w, 3)] as const;
  const padding = paddingOf(reader, x, kernel, stride, dilation);
  return convAttributes({ stride, dilation, padding, groups: reader.int('group', 1) });
}

function withBias(reader: Reader, scope: Scope, y: Value): Value {
  return reader.has(2) ? add(y, perChannel(scope.weight(reader, 2, 'bias', false))) : y;
}

/** The adjoint of a convolution of the same filters [in, out/groups, kh, kw]. */
function transposedConvolution(reader: Reader, scope: Scope): Value {
  const x = reader.value(0);
  const w = scope.weight(reader, 1, 'weight');
  if (reader.list('output_shape') !== null) reader.refuse('it names the shape of its result');
  const attributes = attributesOf(reader, x.shape, w.shape);
  const { stride, padding, dilation, groups } = attributes;
  const more = reader.list('output_padding') ?? [0, 0];
  const sides = ([0, 1] as const).map((i) => {
    const reach = dilation[i] * (side(w.shape, 2 + i) - 1) + 1;
    const pads = padding[i] + padding[i === 0 ? 2 : 3];
    return stride[i] * (side(x.shape, 2 + i) - 1) + (more[i] ?? 0) + reach - pads;
  });
  const shape = [side(x.shape, 0), side(w.shape, 1) * groups, ...sides];
  return withBias(reader, scope, convAdjoint(x, w, shape, attributes));
}

/** α·A·B + β·C, either transposed. */
function generalProduct(reader: Reader, scope: Scope): Value {
  const [ta, tb] = [reader.int('transA', 0) === 1, reader.int('transB', 0) === 1];
  const [a, b] = [reader.value(0), scope.weight(reader, 1, 'weight')];
  const product = matmul(a, b, { ta, tb });
  const [alpha, beta] = [reader.float('alpha', 1), reader.float('beta', 1)];
  const scaled = alpha === 1 ? product : scale(product, alpha);
  if (!reader.has(2)) return scaled;
  const c = scope.weight(reader, 2, 'bias', false);
  return add(scaled, beta === 1 ? c : scale(c, beta));
}

function product(reader: Reader, scope: Scope): Value {
  const [a, b] = [scope.weight(reader, 0, 'weight'), scope.weight(reader, 1, 'weight')];
  if (a.shape.length < 2 || b.shape.length < 2)
    return reader.refuse('it is of a vector; write it as a matrix');
  if (a.shape.length === 2 || b.shape.length > 2) return matmul(a, b);
  // all rows at once: the derivative by the matrix is one product then, not a sum over batches of them
  const rows = reshape(a, [count(a.shape.slice(0, -1)), side(a.shape, a.shape.length - 1)]);
  return reshape(matmul(rows, b), [...a.shape.slice(0, -1), side(b.shape, 1)]);
}

/** Trains as normalisation does: by the batch, while its running statistics move on from those of the file. */
function normalisation(reader: Reader, { net, nameOf }: Scope): Value {
  const x = reader.value(0);
  const [gamma, beta, mean, variance] = ['scale', 'bias', 'mean', 'variance'].map((what, i) =>
    Float32Array.from(reader.known(i + 1, `its ${what}`).data),
  );
  if (!gamma || !beta || !mean || !variance) return reader.refuse('it has no statistics');
  const name = nameOf(reader, 1, 'gamma').replace(/\.(weight|gamma|scale)$/, '');
  return batchNorm(net, name, x, {
    given: { gamma, beta, mean, variance },
    epsilon: reader.float('epsilon', 1e-5),
    momentum: 1 - reader.float('momentum', 0.9),
  });
}

/** Every channel of every picture by its own statistics: rows of [n, c, h·w]. */
function instanceNormalisation(reader: Reader, scope: Scope): Value {
  const x = reader.value(0);
  const [n, c] = [side(x.shape, 0), side(x.shape, 1)];
  const rows = reshape(x, [n, c, count(x.shape.slice(2))]);
  const pixels = [side(rows.shape, 2)];
  const fill = (value: number): Value => expand(scalar(value), pixels);
  const plain = reshape(layerNorm(rows, fill(1), fill(0), reader.float('epsilon', 1e-5)), x.shape);
  const along = (value: Value): Value => reshape(value, [c, ...x.shape.slice(2).map(() => 1)]);
  const factor = scope.weight(reader, 1, 'weight', false);
  return add(multiply(plain, along(factor)), along(scope.weight(reader, 2, 'bias', false)));
}

function rowNormalisation(reader: Reader, scope: Scope): Value {
  const x = reader.value(0);
  const last = x.shape.length - 1;
  if (fromFront(reader.int('axis', -1), x.shape.length) !== last)
    return reader.refuse('it is over several axes; only the last one is known here');
  const gamma = scope.weight(reader, 1, 'weight', false);
  const beta = reader.has(2) ? scope.weight(reader, 2, 'bias', false) : expand(scalar(0), gamma.shape);
  return layerNorm(x, gamma, beta, reader.float('epsilon', 1e-5));
}

/** Slopes come as [c, 1, 1], as one for all, or as [c]. */
function slopes(reader: Reader, scope: Scope): Value {
  const x = reader.value(0);
  const given = scope.weight(reader, 1, 'slope');
  const channels = side(x.shape, 1);
  if (count(given.shape) === 1) return prelu(x, expand(reshape(given, [1]), [channels]));
  if (count(given.shape) !== channels)
    return reader.refuse(`its slopes [${given.shape}] are not one a channel of [${x.shape}]`);
  return prelu(x, reshape(given, [channels]));
}

/** Of several axes: turned so that the last two are a matrix. */
function einsum(reader: Reader): Value {
  const equation = reader.text('equation', '').replaceAll(' ', '');
  const [a, b] = [reader.value(0), reader.value(1)];
  const found = /^(\w*)(\w)(\w),(\w*)(\w)(\w)->(\w*)(\w)(\w)$/.exec(equation);
  if (!found) return reader.refuse(`its equation ${equation} is no product of matrices`);
  const [, lead, i, k, leadB, p, q, leadC, r, s] = found;
  if (lead !== leadB || lead !== leadC || i !== r)
    return reader.refuse(`its equation ${equation} is not known here`);
  if (k === p && q === s) return matmul(a, b);
  if (k === q && p === s) return matmul(a, transposed(b));
  return reader.refuse(`its equation ${equation} is not known here`);
}

/** A product of two things that are computed learns nothing itself. */
const maybeLearning =
  (of: (reader: Reader, scope: Scope) => Value): Rule =>
  (reader, scope) => {
    const own = range(2).some((i) => {
      const entry = reader.entries[i] ?? null;
      return entry !== null && isKnown(entry);
    });
    return { value: of(reader, scope), learnt: own || reader.learnt };
  };

export const layerRules: readonly (readonly [string, Rule])[] = [
  ['BatchNormalization', learning(normalisation)],
  ['Conv', learning(convolution)],
  ['ConvTranspose', learning(transposedConvolution)],
  ['Einsum', maybeLearning(einsum)],
  ['Gemm', learning(generalProduct)],
  ['InstanceNormalization', learning(instanceNormalisation)],
  ['LayerNormalization', learning(rowNormalisation)],
  ['MatMul', maybeLearning(product)],
  ['PRelu', learning(slopes)],
];
