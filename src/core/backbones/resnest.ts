import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { activate } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { conv2d } from '../layers/conv2d.ts';
import { linear } from '../layers/linear.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { globalMean } from '../layers/pool.ts';
import { channels } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { averagePool } from '../ops/average-pool.ts';
import { multiply } from '../ops/multiply.ts';
import { reshape } from '../ops/reshape.ts';
import { sigmoid } from '../ops/sigmoid.ts';
import { subtract } from '../ops/subtract.ts';
import type { Backbone, BackboneOption, BackboneSettings } from './backbone.ts';
import { activationOption, outputOption, shortcutOption } from './options.ts';
import { shortcut } from './shortcut.ts';
import { stem } from './stem.ts';

const radix = 2;

/**
 * Split attention of two branches u, v [n, out, h, w]: a·u + (1 − a)·v with a [n, out] from the mean of u + v. The
 * softmax over two is σ of their difference.
 */
function splitAttention(net: Net, name: string, x: Value, out: number, settings: BackboneSettings): Value {
  const { activation = 'relu' } = settings;
  let y = conv2d(net, `${name}.conv`, x, {
    ...{ out: radix * out, kernel: 3, padding: 1, groups: radix, initial: 'he' },
  });
  y = activate(net, `${name}.prelu`, batchNorm(net, `${name}.bn`, y), activation);
  const [u, v] = [channels(y, 0, out), channels(y, out, radix * out)];
  const middle = Math.max(32, (side(x.shape, 1) * radix) / 4);
  let z = linear(net, `${name}.down`, globalMean(add(u, v)), { out: middle }); // [n, middle]
  z = activate(net, `${name}.down.prelu`, batchNorm(net, `${name}.down.bn`, z), activation);
  z = linear(net, `${name}.up`, z, { out: radix * out }); // [n, 2·out]
  const a = sigmoid(subtract(channels(z, 0, out), channels(z, out, radix * out)));
  return add(v, multiply(reshape(a, [side(x.shape, 0), out, 1, 1]), subtract(u, v)));
}

/** 1×1, split attention, a 3×3 mean where the picture is halved, 1×1; beside a shortcut. */
function unit(
  net: Net,
  name: string,
  x: Value,
  { middle, stride }: { readonly middle: number; readonly stride: number },
  settings: BackboneSettings,
): Value {
  const { activation = 'relu' } = settings;
  const out = 4 * middle;
  let y = conv2d(net, `${name}.conv1`, x, { out: middle, kernel: 1, initial: 'he' });
  y = activate(net, `${name}.prelu1`, batchNorm(net, `${name}.bn1`, y), activation);
  y = splitAttention(net, `${name}.split`, y, middle, settings);
  if (stride > 1) y = averagePool(y, { kernel: 3, stride, padding: 1 });
  y = batchNorm(net, `${name}.bn3`, conv2d(net, `${name}.conv3`, y, { out, kernel: 1, initial: 'he' }), {
    gamma: 0,
  });
  const around = { out, stride, mean: settings.shortcut !== 'stride', initial: 'he' } as const;
  return activate(net, `${name}.prelu`, add(shortcut(net, `${name}.shortcut`, x, around), y), activation);
}

/**
 * ResNeSt of radix 2 (Zhang et al. 2020). Its stem is three 3×3; as in FaceX-Zoo none of them halves, so that 112 px leave
 * a map of 7×7. FaceX-Zoo's embeddings have length 1, which the heads see to here.
 */
export function resnest(layers: number, units: readonly [number, number, number, number]): Backbone {
  const trunk = (net: Net, pictures: Value, settings: BackboneSettings): Value => {
    const { stem: kind = 'fine', activation = 'relu' } = settings;
    const stride = kind === 'fine' ? 1 : 2;
    let x = stem(net, pictures, { kind: 'deep', out: 64, activation, stride });
    units.forEach((repeats, stage) => {
      for (let i = 0; i < repeats; i++) {
        const shape = { middle: 64 * 2 ** stage, stride: i === 0 && stage > 0 ? 2 : 1 };
        x = unit(net, `stage${stage + 1}.${i}`, x, shape, settings);
      }
    });
    return x;
  };
  return {
    name: `resnest-${layers}`,
    title: `ResNeSt-${layers}`,
    family: 'ResNeSt',
    input: 112,
    multipleOf: 16,
    defaults: {
      ...{ embedding: 512, dropout: 0.4, output: 'e', stem: 'fine', shortcut: 'mean', activation: 'relu' },
    },
    options: [outputOption, stemOption, shortcutOption, activationOption],
    trunk,
    build: (net, pictures, settings) => outputLayer(net, trunk(net, pictures, settings), settings),
  };
}

const stemOption: BackboneOption = {
  name: 'stem',
  kind: 'choice',
  of: ['paper', 'fine'],
  about:
    'Whether the first of the three 3×3 halves the picture, as in the paper, or keeps its detail at four times the work.',
};

/** 76.8 million parameters. */
export const resnest50 = resnest(50, [3, 4, 6, 3]);
