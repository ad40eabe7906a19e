import { range, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { conv2d } from '../layers/conv2d.ts';
import { dropPath } from '../layers/drop-path.ts';
import { layerNormLayer } from '../layers/layer-norm.ts';
import type { Net } from '../layers/net.ts';
import { outputE } from '../layers/output.ts';
import { outputFlat } from '../layers/output-flat.ts';
import { add } from '../ops/add.ts';
import { concat } from '../ops/concat.ts';
import { gelu } from '../ops/erf.ts';
import { slice } from '../ops/slice.ts';
import { transpose } from '../ops/transpose.ts';
import type { Backbone } from './backbone.ts';
import { dropPathOption, outputOption } from './options.ts';
import { dense, type WindowOptions, waysIn, windowAttention } from './swin-attention.ts';

/** x + attention(norm x), then x + W₂·gelu(W₁·norm x), four times as wide in between; x [n, h, w, c]. */
function unit(net: Net, name: string, x: Value, options: WindowOptions, drop: number): Value {
  const c = side(x.shape, 3);
  const attended = windowAttention(
    net,
    `${name}.attention`,
    layerNormLayer(net, `${name}.norm1`, x),
    options,
  );
  const seen = add(x, dropPath(net, `${name}.drop1`, attended, drop));
  const wide = gelu(dense(net, `${name}.mlp1`, layerNormLayer(net, `${name}.norm2`, seen), 4 * c));
  return add(seen, dropPath(net, `${name}.drop2`, dense(net, `${name}.mlp2`, wide, c), drop));
}

/** Four neighbours beside one another, normalised, and by one matrix to twice the channels: [n, h/2, w/2, 2c]. */
function merged(net: Net, name: string, x: Value): Value {
  const corners = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const;
  const parts = corners.map(([row, column]) => slice(x, [0, row, column, 0], x.shape, [1, 2, 2, 1]));
  const all = layerNormLayer(net, `${name}.norm`, concat(parts, 3));
  return dense(net, `${name}.reduction`, all, 2 * side(x.shape, 3), false);
}

export interface SwinSizes {
  readonly name: string;
  readonly title: string;
  /** Channels of the first stage; 96 in T and S. */
  readonly width: number;
  /** Units a stage. */
  readonly depths: readonly [number, number, number, number];
  /** Channels of a head of attention; 32 in the paper. */
  readonly depth: number;
  /** Side of the windows; 7 in the paper. */
  readonly window: number;
}

/** The map as rows of channels, [n, h, w, c], normalised. */
function tokens(net: Net, pictures: Value, { width, depths, depth, window }: SwinSizes, drop: number): Value {
  const patches = conv2d(net, 'patches.conv', pictures, { out: width, kernel: 4, stride: 4, bias: true });
  let x = layerNormLayer(net, 'patches.norm', transpose(patches, [0, 2, 3, 1]));
  const units = depths.reduce((a, b) => a + b, 0);
  let done = 0;
  const known = new Map<number, Value>();
  const ways = (side: number): Value => {
    const found = known.get(side) ?? waysIn(side);
    known.set(side, found);
    return found;
  };
  depths.forEach((repeats, stage) => {
    if (stage > 0) x = merged(net, `stage${stage + 1}.merge`, x);
    // a map that is no larger than a window is one, and nothing moves
    const height = side(x.shape, 1);
    const whole = height <= window;
    for (const i of range(repeats)) {
      const fits = whole ? height : window;
      const options = {
        heads: side(x.shape, 3) / depth,
        window: fits,
        ways: ways(fits),
        shift: whole || i % 2 === 0 ? 0 : Math.floor(window / 2),
      };
      x = unit(net, `stage${stage + 1}.${i}`, x, options, (drop * done++) / (units - 1));
    }
  });
  return layerNormLayer(net, 'norm', x);
}

export function swin(sizes: SwinSizes): Backbone {
  const { name, title, window } = sizes;
  const most = 0.3;
  return {
    name,
    title,
    family: 'Swin',
    input: 32 * window,
    multipleOf: 32 * window,
    defaults: { embedding: 512, dropout: 0, dropPath: most, output: 'own' },
    options: [outputOption, dropPathOption],
    trunk: (net, pictures, { dropPath: drop = most }) =>
      transpose(tokens(net, pictures, sizes, drop), [0, 3, 1, 2]),
    build(net, pictures, settings) {
      const rows = tokens(net, pictures, sizes, settings.dropPath ?? most);
      return settings.output === 'e'
        ? outputE(net, transpose(rows, [0, 3, 1, 2]), settings)
        : outputFlat(net, rows, settings, true);
    },
  };
}

const paper = { width: 96, depth: 32, window: 7 } as const;

/**
 * Swin Transformer (Liu et al. 2021) on 224 px as FaceX-Zoo has it: patches of 4×4, four stages from 56×56 to 7×7, all of
 * the last map by one matrix with bias, normalised. T has 46,788,474 parameters, S 68,106,378; the trunks are the paper's.
 */
export const swinT = swin({ ...paper, name: 'swin-t', title: 'Swin-T', depths: [2, 2, 6, 2] });
export const swinS = swin({ ...paper, name: 'swin-s', title: 'Swin-S', depths: [2, 2, 18, 2] });
