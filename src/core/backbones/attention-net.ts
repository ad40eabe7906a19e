import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { conv2d } from '../layers/conv2d.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { outputFlat } from '../layers/output-flat.ts';
import { add } from '../ops/add.ts';
import { maxPool } from '../ops/max-pool.ts';
import { multiply } from '../ops/multiply.ts';
import { relu } from '../ops/relu.ts';
import { resize } from '../ops/resize.ts';
import { sigmoid } from '../ops/sigmoid.ts';
import type { Backbone } from './backbone.ts';
import { outputOption } from './options.ts';

/** Normalised, bent, and by 1×1 to `out` channels. */
function pointwise(net: Net, name: string, x: Value, out: number): Value {
  return conv2d(net, `${name}.conv`, relu(batchNorm(net, `${name}.bn`, x)), { out, kernel: 1 });
}

/** A bottleneck that is normalised before its convolutions: 1×1, 3×3 with the stride, 1×1 (He et al. 2016). */
function unit(net: Net, name: string, x: Value, out: number, stride = 1): Value {
  const bent = relu(batchNorm(net, `${name}.bn1`, x));
  let y = conv2d(net, `${name}.conv1`, bent, { out: out / 4, kernel: 1 });
  y = relu(batchNorm(net, `${name}.bn2`, y));
  y = conv2d(net, `${name}.conv2`, y, { out: out / 4, kernel: 3, stride, padding: 1 });
  y = pointwise(net, `${name}.last`, y, out);
  const same = side(x.shape, 1) === out && stride === 1;
  return add(y, same ? x : conv2d(net, `${name}.shortcut`, bent, { out, kernel: 1, stride }));
}

/** Twice the unit of the same width. */
function pair(net: Net, name: string, x: Value): Value {
  const out = side(x.shape, 1);
  return unit(net, `${name}.1`, unit(net, `${name}.0`, x, out), out);
}

/** Half the sides, by the largest of 3×3. */
const halved = (x: Value): Value => maxPool(x, { kernel: 3, stride: 2, padding: 1 });

/** Between the pixels, to the sides of `like`; corners stay corners. */
function enlarged(x: Value, like: Value): Value {
  const size = [side(like.shape, 2), side(like.shape, 3)] as const;
  return resize(x, size, { mode: 'linear', grid: 'align_corners' });
}

/**
 * What is looked at of x, from `depth` halvings down: each has a unit and a second one beside it that is added on the
 * way up; the last one a pair.
 */
function mask(net: Net, name: string, x: Value, depth: number): Value {
  const small = halved(x);
  if (depth === 1) return pair(net, `${name}.bottom`, small);
  const out = side(x.shape, 1);
  const down = unit(net, `${name}.down${depth}`, small, out);
  const beside = unit(net, `${name}.beside${depth}`, down, out);
  const below = enlarged(mask(net, name, down, depth - 1), down);
  return unit(net, `${name}.up${depth}`, add(add(below, down), beside), out);
}

/** A trunk of two units, every number of which is raised by up to twice where the mask looks: (1 + M)·T. */
function attention(net: Net, name: string, input: Value, depth: number): Value {
  const out = side(input.shape, 1);
  const x = unit(net, `${name}.first`, input, out);
  const trunk = pair(net, `${name}.trunk`, x);
  const seen = add(enlarged(mask(net, `${name}.mask`, x, depth), trunk), trunk);
  const inner = pointwise(net, `${name}.gate2`, pointwise(net, `${name}.gate1`, seen, out), out);
  return unit(net, `${name}.last`, multiply(add(scalar(1), sigmoid(inner)), trunk), out);
}

export interface AttentionNetSizes {
  /** So many modules a stage; those of the first stage look at three halvings, of the second two, of the third one. */
  readonly modules: readonly [number, number, number];
  /** Channels of the stem; 64 in the paper. */
  readonly width: number;
}

/** A member of the family, by its name's number. */
export function attentionNet(layers: number, { modules, width }: AttentionNetSizes): Backbone {
  const trunk: Backbone['trunk'] = (net, pictures) => {
    let x = conv2d(net, 'stem.conv', pictures, { out: width, kernel: 7, stride: 2, padding: 3 });
    x = relu(batchNorm(net, 'stem.bn', x));
    modules.forEach((repeats, stage) => {
      x = unit(net, `stage${stage + 1}.down`, x, width * 4 * 2 ** stage, stage === 0 ? 1 : 2);
      for (let i = 0; i < repeats; i++) x = attention(net, `stage${stage + 1}.${i}`, x, 3 - stage);
    });
    const last = width * 32;
    x = unit(net, 'stage4.down', x, last, 2);
    return pair(net, 'stage4', x);
  };
  return {
    name: `attention-net-${layers}`,
    title: `AttentionNet-${layers}`,
    family: 'AttentionNet',
    input: 112,
    multipleOf: 16,
    defaults: { embedding: 512, dropout: 0, output: 'own' },
    options: [outputOption],
    trunk,
    build: (net, pictures, settings) =>
      outputLayer(net, trunk(net, pictures, settings), settings, outputFlat),
  };
}

/**
 * Residual attention networks (Wang et al. 2017) as FaceX-Zoo has them: 7×7 of stride 2 and no pooling after it, so that
 * 112 px end as 7×7; 81,138,880 and 101,794,496 parameters at 112 px and 512 dimensions. Its code counts 98,964,672 and
 * 134,562,496, as it also makes a 1×1 shortcut for every unit that keeps its shape and so never uses it.
 */
export const attentionNet56 = attentionNet(56, { modules: [1, 1, 1], width: 64 });
export const attentionNet92 = attentionNet(92, { modules: [1, 2, 3], width: 64 });
