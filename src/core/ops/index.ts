import type { Operator } from '../graph/value.ts';
import { addOp } from './add.ts';
import { affineOp } from './affine.ts';
import { addAtLabelOp, takeAtLabelOp } from './at-label.ts';
import { averagePoolOp } from './average-pool.ts';
import { blockedAffineOp } from './blocked-affine.ts';
import { blockedConvOp } from './blocked-conv.ts';
import { blockedFilterGradientOp } from './blocked-filter-gradient.ts';
import { fromBlocksOp, toBlocksOp } from './blocks.ts';
import { castOp } from './cast.ts';
import { clipOp } from './clip.ts';
import { concatOp } from './concat.ts';
import { convOp } from './conv.ts';
import { convAdjointOp } from './conv-adjoint.ts';
import { convFilterGradientOp } from './conv-filter-gradient.ts';
import { cosOp } from './cos.ts';
import { detachOp } from './detach.ts';
import { dilateOp } from './dilate.ts';
import { divideOp } from './divide.ts';
import { erfOp } from './erf.ts';
import { expOp } from './exp.ts';
import { expandOp } from './expand.ts';
import { flipOp } from './flip.ts';
import { hardSigmoidOp } from './hard-sigmoid.ts';
import { hardSwishOp } from './hard-swish.ts';
import { layerNormOp } from './layer-norm.ts';
import { lessOp } from './less.ts';
import { logOp } from './log.ts';
import { logSoftmaxOp } from './log-softmax.ts';
import { matmulOp } from './matmul.ts';
import { maxPoolOp } from './max-pool.ts';
import { maximumOp } from './maximum.ts';
import { multiplyOp } from './multiply.ts';
import { normaliseOp } from './normalise.ts';
import { oneHotOp } from './one-hot.ts';
import { padOp } from './pad.ts';
import { fullOp, halfOp, likeOp } from './precision.ts';
import { preluOp } from './prelu.ts';
import { reduceMaxOp } from './reduce-max.ts';
import { reduceSumOp } from './reduce-sum.ts';
import { reduceSumSquareOp } from './reduce-sum-square.ts';
import { reluOp } from './relu.ts';
import { relu6Op } from './relu6.ts';
import { reshapeOp } from './reshape.ts';
import { resizeOp } from './resize.ts';
import { sigmoidOp } from './sigmoid.ts';
import { siluOp } from './silu.ts';
import { sinOp } from './sin.ts';
import { sliceOp } from './slice.ts';
import { slotMatmulOp } from './slot-matmul.ts';
import { softmaxOp } from './softmax.ts';
import { sqrtOp } from './sqrt.ts';
import { stepOp } from './step.ts';
import { subtractOp } from './subtract.ts';
import { transposeOp } from './transpose.ts';
import { whereOp } from './where.ts';

/** Every operator, in alphabetical order. Tests are driven by this list. */
export const operators: readonly Operator[] = [
  addOp,
  addAtLabelOp,
  affineOp,
  averagePoolOp,
  blockedAffineOp,
  blockedConvOp,
  blockedFilterGradientOp,
  castOp,
  clipOp,
  concatOp,
  convOp,
  convAdjointOp,
  convFilterGradientOp,
  cosOp,
  detachOp,
  dilateOp,
  divideOp,
  erfOp,
  expOp,
  expandOp,
  flipOp,
  fromBlocksOp,
  fullOp,
  halfOp,
  hardSigmoidOp,
  hardSwishOp,
  layerNormOp,
  lessOp,
  likeOp,
  logOp,
  logSoftmaxOp,
  matmulOp,
  maxPoolOp,
  maximumOp,
  multiplyOp,
  normaliseOp,
  oneHotOp,
  padOp,
  preluOp,
  reduceMaxOp,
  reduceSumOp,
  reduceSumSquareOp,
  reluOp,
  relu6Op,
  reshapeOp,
  resizeOp,
  sigmoidOp,
  siluOp,
  sinOp,
  sliceOp,
  slotMatmulOp,
  softmaxOp,
  sqrtOp,
  stepOp,
  subtractOp,
  takeAtLabelOp,
  toBlocksOp,
  transposeOp,
  whereOp,
];
