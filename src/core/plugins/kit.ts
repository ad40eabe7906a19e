import { blur } from '../augment/blur.ts';
import { brightness, color, contrast, sharpness } from '../augment/enhance.ts';
import { flip as mirror } from '../augment/flip.ts';
import { toGrey } from '../augment/grey.ts';
import { autoContrast, equalize, posterize, solarize } from '../augment/tone.ts';
import { rotate, warp } from '../augment/warp.ts';
import { rgbImage } from '../base/image.ts';
import { mixSeeds, seededRandom, shuffle } from '../base/random.ts';
import { constant, scalar } from '../graph/builder.ts';
import { classWeights, cosines, looksAt, ownOf, placed, withMargin } from '../heads/cosine.ts';
import { cosineLogits, expectedLoss } from '../heads/expected.ts';
import { activate } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { block, depthwise } from '../layers/block.ts';
import { conv2d } from '../layers/conv2d.ts';
import { dropPath } from '../layers/drop-path.ts';
import { dropout } from '../layers/dropout.ts';
import { layerNormLayer } from '../layers/layer-norm.ts';
import { linear } from '../layers/linear.ts';
import { parameter, running } from '../layers/net.ts';
import { outputE, outputLayer, outputMean } from '../layers/output.ts';
import { globalMean, maxPool2d, meanPool2d } from '../layers/pool.ts';
import { preluLayer } from '../layers/prelu.ts';
import { channels, flatten, shuffleChannels, unitRows } from '../layers/shape.ts';
import { squeezeExcite } from '../layers/squeeze-excite.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { concat } from '../ops/concat.ts';
import { conv } from '../ops/conv.ts';
import { cos } from '../ops/cos.ts';
import { detach } from '../ops/detach.ts';
import { divide } from '../ops/divide.ts';
import { gelu } from '../ops/erf.ts';
import { exp } from '../ops/exp.ts';
import { expand } from '../ops/expand.ts';
import { flip } from '../ops/flip.ts';
import { hardSigmoid } from '../ops/hard-sigmoid.ts';
import { hardSwish } from '../ops/hard-swish.ts';
import { log } from '../ops/log.ts';
import { logSoftmax } from '../ops/log-softmax.ts';
import { matmul } from '../ops/matmul.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { pad } from '../ops/pad.ts';
import { reduceMax } from '../ops/reduce-max.ts';
import { reduceMean, reduceSum } from '../ops/reduce-sum.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { relu } from '../ops/relu.ts';
import { reshape } from '../ops/reshape.ts';
import { sigmoid } from '../ops/sigmoid.ts';
import { silu } from '../ops/silu.ts';
import { sin } from '../ops/sin.ts';
import { slice } from '../ops/slice.ts';
import { softmax } from '../ops/softmax.ts';
import { sqrt } from '../ops/sqrt.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import { transpose } from '../ops/transpose.ts';

/**
 * What a plugin is given: the very functions that Lineament's own networks, heads, samplers and augmentations are made
 * of. `lineament.d.ts` (src/main/plugins/declarations.ts) says the same as types; a test holds the two together.
 */
export const kit = {
  layers: {
    ...{ parameter, running, conv2d, linear, batchNorm, prelu: preluLayer, layerNorm: layerNormLayer },
    ...{ block, depthwise, activate, squeezeExcite, dropout, dropPath },
    ...{ globalMean, maxPool2d, meanPool2d, flatten, channels, shuffleChannels, unitRows },
    ...{ outputLayer, outputE, outputMean },
  },
  ops: {
    ...{ constant, scalar, add, subtract, multiply, divide, scale, maximum, clip, step, detach },
    ...{ relu, sigmoid, silu, gelu, hardSigmoid, hardSwish, softmax, logSoftmax, exp, log, sqrt, sin, cos },
    ...{ matmul, conv, reduceSum, reduceMean, reduceMax, reduceSumSquare },
    ...{ reshape, transpose, concat, slice, pad, expand, flip },
  },
  heads: { classWeights, cosines, ownOf, looksAt, placed, withMargin, cosineLogits, expectedLoss },
  random: { seededRandom, mixSeeds, shuffle },
  images: {
    ...{ rgbImage, mirror, rotate, warp, blur, toGrey, brightness, color, contrast, sharpness },
    ...{ autoContrast, equalize, posterize, solarize },
  },
} as const;

export type Kit = typeof kit;
