import type { Tensor } from '@tensorflow/tfjs-core';
import { broadcast, count, sameShape } from '../../../core/graph/shape.ts';
import type { Shape } from '../../../core/graph/value.ts';
import { addOp } from '../../../core/ops/add.ts';
import { affineOp } from '../../../core/ops/affine.ts';
import { castOp } from '../../../core/ops/cast.ts';
import { clipOp } from '../../../core/ops/clip.ts';
import { concatOp } from '../../../core/ops/concat.ts';
import { cosOp } from '../../../core/ops/cos.ts';
import { detachOp } from '../../../core/ops/detach.ts';
import { divideOp } from '../../../core/ops/divide.ts';
import { erfOp } from '../../../core/ops/erf.ts';
import { expOp } from '../../../core/ops/exp.ts';
import { expandOp } from '../../../core/ops/expand.ts';
import { flipOp } from '../../../core/ops/flip.ts';
import { hardSigmoidOp } from '../../../core/ops/hard-sigmoid.ts';
import { layerNormOp } from '../../../core/ops/layer-norm.ts';
import { logOp } from '../../../core/ops/log.ts';
import { logSoftmaxOp } from '../../../core/ops/log-softmax.ts';
import { matmulOp } from '../../../core/ops/matmul.ts';
import { maximumOp } from '../../../core/ops/maximum.ts';
import { multiplyOp } from '../../../core/ops/multiply.ts';
import { oneHotOp } from '../../../core/ops/one-hot.ts';
import { padOp } from '../../../core/ops/pad.ts';
import { reduceMaxOp } from '../../../core/ops/reduce-max.ts';
import { reduceSumOp } from '../../../core/ops/reduce-sum.ts';
import { reduceSumSquareOp } from '../../../core/ops/reduce-sum-square.ts';
import { reluOp } from '../../../core/ops/relu.ts';
import { reshapeOp } from '../../../core/ops/reshape.ts';
import { matricesOf, resizeOp } from '../../../core/ops/resize.ts';
import { sigmoidOp } from '../../../core/ops/sigmoid.ts';
import { sinOp } from '../../../core/ops/sin.ts';
import { type SliceAttributes, sliceOp } from '../../../core/ops/slice.ts';
import { softmaxOp } from '../../../core/ops/softmax.ts';
import { sqrtOp } from '../../../core/ops/sqrt.ts';
import { stepOp } from '../../../core/ops/step.ts';
import { subtractOp } from '../../../core/ops/subtract.ts';
import { transposeOp } from '../../../core/ops/transpose.ts';
import { binary, nth, type Rule, rule, unary } from './rule.ts';
import type { Tf } from './tf.ts';
import { windowRules } from './windows.ts';

/** tfjs's types count axes; here they are known by the shapes of the graph only. */
type Paddings = [number, number][];

/** Every operator of forward graphs and optimizers that is not replaced by what it is made of. */
export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  binary(addOp, (tf, a, b) => tf.add(a, b)),
  rule(affineOp, (tf, { shape }, inputs) => {
    const channels = (x: Tensor): Tensor => tf.reshape(x, [-1, ...shape.slice(2).map(() => 1)]);
    return tf.add(tf.mul(nth(inputs, 0), channels(nth(inputs, 1))), channels(nth(inputs, 2)));
  }),
  unary(castOp, (tf, x) => tf.cast(x, 'float32')),
  unary(clipOp, (tf, x, { low, high }) => tf.clipByValue(x, low, high)),
  rule(concatOp, (tf, { attributes }, inputs) => tf.concat([...inputs], attributes.axis)),
  unary(cosOp, (tf, x) => tf.cos(x)),
  unary(detachOp, (tf, x) =>
    tf.customGrad((value) => ({
      value: tf.clone(value as Tensor),
      gradFunc: (dy) => tf.zerosLike(dy),
    }))(x),
  ),
  binary(divideOp, (tf, a, b) => tf.div(a, b)),
  unary(erfOp, (tf, x) => tf.erf(x)),
  unary(expOp, (tf, x) => tf.exp(x)),
  unary(expandOp, (tf, x, { shape }) => tf.broadcastTo(x, [...shape])),
  unary(flipOp, (tf, x, { axes }) => tf.reverse(x, [...axes])),
  unary(hardSigmoidOp, (tf, x) => tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1)),
  rule(layerNormOp, (tf, { attributes }, inputs) => {
    const { mean, variance } = tf.moments(nth(inputs, 0), [-1], true);
    const unit = tf.div(tf.sub(nth(inputs, 0), mean), tf.sqrt(tf.add(variance, attributes.epsilon)));
    return tf.add(tf.mul(unit, nth(inputs, 1)), nth(inputs, 2));
  }),
  unary(logOp, (tf, x) => tf.log(x)),
  unary(logSoftmaxOp, (tf, x) => tf.logSoftmax(x)),
  binary(matmulOp, (tf, a, b, { transposeA, transposeB }) => {
    // tfjs multiplies batches that broadcast, but does not sum their derivatives
    const lead = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const batched = (x: Tensor): Tensor => expanded(tf, x, [...lead, ...x.shape.slice(-2)]);
    return tf.matMul(batched(a), batched(b), transposeA, transposeB);
  }),
  binary(maximumOp, (tf, a, b) => tf.maximum(a, b)),
  binary(multiplyOp, (tf, a, b) => tf.mul(a, b)),
  unary(oneHotOp, (tf, labels, { classes }) => tf.cast(tf.oneHot(labels, classes), 'float32')),
  unary(padOp, (tf, x, { before, after, value }) => tf.pad(x, pairs(before, after), value)),
  unary(reduceMaxOp, (tf, x, { axes, keep }) => tf.max(x, [...axes], keep)),
  unary(reduceSumOp, (tf, x, { axes, keep }) => tf.sum(x, [...axes], keep)),
  unary(reduceSumSquareOp, (tf, x, { axes, keep }) => tf.sum(tf.square(x), [...axes], keep)),
  unary(reluOp, (tf, x) => tf.relu(x)),
  unary(reshapeOp, (tf, x, { shape }) => tf.reshape(x, [...shape])),
  rule(resizeOp, (tf, value, inputs) => {
    const x = nth(inputs, 0);
    const { rows, columns } = matricesOf(x.shape, value.attributes);
    const lead = x.shape.slice(0, 2);
    const matrix = ({ data, shape }: typeof rows): Tensor =>
      tf.broadcastTo(tf.tensor(Float32Array.from(data), [...shape]), [...lead, ...shape]);
    return tf.matMul(matrix(rows), tf.matMul(x, matrix(columns), false, true));
  }),
  unary(sinOp, (tf, x) => tf.sin(x)),
  unary(sigmoidOp, (tf, x) => tf.sigmoid(x)),
  unary(sliceOp, sliced),
  unary(softmaxOp, (tf, x) => tf.softmax(x)),
  unary(sqrtOp, (tf, x) => tf.sqrt(x)),
  unary(stepOp, (tf, x) => tf.step(x)),
  binary(subtractOp, (tf, a, b) => tf.sub(a, b)),
  unary(transposeOp, (tf, x, { order }) => tf.transpose(x, [...order])),
  ...windowRules,
]);

function expanded(tf: Tf, x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : tf.broadcastTo(x, [...shape]);
}

function pairs(before: Shape, after: Shape): Paddings {
  return before.map((n, axis) => [n, after[axis] ?? 0]);
}

/** Steps are taken by splitting an axis, as tfjs has no derivative of strided slices: [n·step] → [n, step] → its column 0. */
function sliced(tf: Tf, x: Tensor, { starts, ends, steps }: SliceAttributes): Tensor {
  const sizes = starts.map((start, axis) => (ends[axis] ?? 0) - start);
  let y: Tensor = tf.slice(x, [...starts], sizes);
  steps.forEach((step, axis) => {
    if (step === 1) return;
    const length = Math.ceil((y.shape[axis] ?? 0) / step);
    const rest = y.shape.map((side, i) => (i === axis ? length * step - side : 0));
    const whole: Tensor = tf.pad(
      y,
      pairs(
        rest.map(() => 0),
        rest,
      ),
    );
    const [lead, trail] = [whole.shape.slice(0, axis), whole.shape.slice(axis + 1)];
    // one axis before, one behind: tfjs slices up to six axes only
    const split = tf.reshape(whole, [count(lead), length, step, count(trail)]);
    y = tf.reshape(tf.slice(split, [0, 0, 0, 0], [-1, -1, 1, -1]), [...lead, length, ...trail]);
  });
  return y;
}
