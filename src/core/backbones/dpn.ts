import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Activation, activate } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { type Conv2dOptions, conv2d } from '../layers/conv2d.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { maxPool2d } from '../layers/pool.ts';
import { channels } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { concat } from '../ops/concat.ts';
import type { Backbone, BackboneSettings } from './backbone.ts';
import { activationOption, outputOption } from './options.ts';

export interface DpnDesign {
  readonly layers: number;
  /** Channels of the stem, and its filter's side. */
  readonly first: number;
  readonly kernel: 3 | 7;
  /** Channels of the first stage's residual path; they double from stage to stage. */
  readonly base: number;
  /** Channels in the middle of the first stage's units, and the groups of their 3×3. */
  readonly middle: number;
  readonly groups: number;
  readonly units: readonly [number, number, number, number];
  /** Channels that every unit of a stage adds to the dense path. */
  readonly growth: readonly [number, number, number, number];
}

/** What is summed from unit to unit, and what grows. */
interface Paths {
  readonly residual: Value;
  readonly dense: Value;
}

/** MXNet's, where the paper's networks come from. */
const epsilon = 1e-3;

function active(net: Net, name: string, x: Value, activation: Activation): Value {
  return activate(net, `${name}.prelu`, batchNorm(net, `${name}.bn`, x, { epsilon }), activation);
}

/** Normalisation, activation, convolution. */
function step(net: Net, name: string, x: Value, options: Conv2dOptions, activation: Activation): Value {
  return conv2d(net, `${name}.conv`, active(net, name, x, activation), { ...options, initial: 'he' });
}

/** The first `out` channels, and the others. */
function parted(x: Value, out: number): Paths {
  return { residual: channels(x, 0, out), dense: channels(x, out, side(x.shape, 1)) };
}

interface UnitShape {
  readonly middle: number;
  readonly out: number;
  readonly growth: number;
  readonly groups: number;
  readonly stride: number;
}

/**
 * 1×1, 3×3 in groups and 1×1, whose first channels are added to the residual path and whose last lengthen the dense one.
 * A stage's first unit has both paths from a 1×1 over all that came before.
 */
function unit(
  net: Net,
  name: string,
  before: Value | Paths,
  shape: UnitShape,
  activation: Activation,
): Paths {
  const { middle, out, growth, groups, stride } = shape;
  const begins = !('residual' in before);
  const all = begins ? before : concat([before.residual, before.dense], 1);
  const wide = { out: out + 2 * growth, kernel: 1, stride };
  const across = begins ? parted(step(net, `${name}.across`, all, wide, activation), out) : before;
  let y = step(net, `${name}.a`, all, { out: middle, kernel: 1 }, activation);
  y = step(net, `${name}.b`, y, { out: middle, kernel: 3, stride, padding: 1, groups }, activation);
  const more = parted(step(net, `${name}.c`, y, { out: out + growth, kernel: 1 }, activation), out);
  return {
    residual: add(across.residual, more.residual),
    dense: concat([across.dense, more.dense], 1),
  };
}

/** Dual path network (Chen et al. 2017, table 1). At 112 px its stem leaves a map of 4×4. */
export function dpn(design: DpnDesign): Backbone {
  const { layers, first, kernel, base, groups, units } = design;
  const trunk = (net: Net, pictures: Value, { activation = 'relu' }: BackboneSettings): Value => {
    const wide = { out: first, kernel, stride: 2, padding: (kernel - 1) / 2, initial: 'he' } as const;
    let x = batchNorm(net, 'stem.bn', conv2d(net, 'stem.conv', pictures, wide), { epsilon });
    x = maxPool2d(activate(net, 'stem.prelu', x, activation), { kernel: 3, stride: 2, padding: 1 });
    units.forEach((repeats, stage) => {
      const [out, middle] = [base * 2 ** stage, design.middle * 2 ** stage];
      const shape = { middle, out, growth: side(design.growth, stage), groups };
      let paths = unit(net, `stage${stage + 1}.0`, x, { ...shape, stride: stage > 0 ? 2 : 1 }, activation);
      for (let i = 1; i < repeats; i++)
        paths = unit(net, `stage${stage + 1}.${i}`, paths, { ...shape, stride: 1 }, activation);
      x = concat([paths.residual, paths.dense], 1);
    });
    return active(net, 'last', x, activation);
  };
  return {
    name: `dpn-${layers}`,
    title: `DPN-${layers}`,
    family: 'DPN',
    input: 112,
    defaults: { embedding: 512, dropout: 0.5, output: 'e', activation: 'relu' },
    options: [outputOption, activationOption],
    trunk,
    build: (net, pictures, settings) => outputLayer(net, trunk(net, pictures, settings), settings),
  };
}

const large = { kernel: 7, base: 256 } as const;

/** 18.6, 57.0, 80.9 and 98.6 million parameters. */
export const dpns: readonly Backbone[] = [
  dpn({
    ...{ layers: 68, first: 10, kernel: 3, base: 64, middle: 128, groups: 32 },
    ...{ units: [3, 4, 12, 3], growth: [16, 32, 32, 64] },
  }),
  dpn({
    ...{ layers: 92, first: 64, ...large, middle: 96, groups: 32 },
    ...{ units: [3, 4, 20, 3], growth: [16, 32, 24, 128] },
  }),
  dpn({
    ...{ layers: 98, first: 96, ...large, middle: 160, groups: 40 },
    ...{ units: [3, 6, 20, 3], growth: [16, 32, 32, 128] },
  }),
  dpn({
    ...{ layers: 131, first: 128, ...large, middle: 160, groups: 40 },
    ...{ units: [4, 8, 28, 3], growth: [16, 32, 32, 128] },
  }),
];
