import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { conv2d } from '../layers/conv2d.ts';
import { dropout } from '../layers/dropout.ts';
import { linear } from '../layers/linear.ts';
import type { Net } from '../layers/net.ts';
import { preluLayer } from '../layers/prelu.ts';
import { flatten, subsample } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import type { Backbone } from './backbone.ts';

/** Normalisation, 3×3, PReLU, 3×3 with the stride, normalisation; and a shortcut (Deng et al. 2019, "IR"). */
function unit(net: Net, name: string, x: Value, out: number, stride: number): Value {
  const same = side(x.shape, 1) === out;
  const shortcut = same
    ? subsample(x, stride)
    : batchNorm(
        net,
        `${name}.shortcut.bn`,
        conv2d(net, `${name}.shortcut.conv`, x, { out, kernel: 1, stride }),
      );
  let y = batchNorm(net, `${name}.bn1`, x);
  y = conv2d(net, `${name}.conv1`, y, { out, kernel: 3, padding: 1 });
  y = preluLayer(net, `${name}.prelu`, y);
  y = conv2d(net, `${name}.conv2`, y, { out, kernel: 3, stride, padding: 1 });
  return add(shortcut, batchNorm(net, `${name}.bn2`, y));
}

/** A member of the family by its units a stage. The first unit of every stage halves the picture. */
function ir(layers: number, units: readonly [number, number, number, number]): Backbone {
  return {
    name: `ir-${layers}`,
    title: `IR-${layers}`,
    input: 112,
    multipleOf: 16,
    defaults: { embedding: 512, dropout: 0.5 },
    build(net, pictures, settings) {
      let x = conv2d(net, 'stem.conv', pictures, { out: 64, kernel: 3, padding: 1 });
      x = preluLayer(net, 'stem.prelu', batchNorm(net, 'stem.bn', x));
      units.forEach((repeats, stage) => {
        for (let i = 0; i < repeats; i++)
          x = unit(net, `stage${stage + 1}.${i}`, x, 64 * 2 ** stage, i === 0 ? 2 : 1);
      });
      x = dropout(net, 'head.dropout', batchNorm(net, 'head.bn1', x), settings.dropout);
      return batchNorm(net, 'head.bn2', linear(net, 'head.linear', flatten(x), { out: settings.embedding }));
    },
  };
}

export const ir18 = ir(18, [2, 2, 2, 2]);
export const ir34 = ir(34, [3, 4, 6, 3]);
export const ir50 = ir(50, [3, 4, 14, 3]);
export const ir101 = ir(101, [3, 13, 30, 3]);
export const ir152 = ir(152, [3, 8, 36, 3]);
