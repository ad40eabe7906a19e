import type { Value } from '../graph/value.ts';
import { activate } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { type Conv2dOptions, conv2d } from '../layers/conv2d.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { squeezeExcite } from '../layers/squeeze-excite.ts';
import { add } from '../ops/add.ts';
import type { Backbone, BackboneSettings } from './backbone.ts';
import { activationOption, outputOption, reductionOption, shortcutOption, stemOption } from './options.ts';
import { shortcut } from './shortcut.ts';
import { stem } from './stem.ts';

/** ResNet (He et al. 2016), ResNeXt (Xie et al. 2017) and both with squeeze-and-excitation (Hu et al. 2018). */
export interface ResnetDesign {
  readonly name: string;
  readonly title: string;
  /** Units a stage; their first halves the picture from the second stage on. */
  readonly units: readonly [number, number, number, number];
  /** Two 3×3, or a 3×3 between two 1×1 of which the last has four times the channels. */
  readonly unit: 'basic' | 'bottleneck';
  /** The 3×3's groups, and channels in each of them in the first stage. */
  readonly groups?: number;
  readonly width?: number;
  readonly excite?: boolean;
  /** Channels of the stem and the first stage, which double from stage to stage; 64 where left out. */
  readonly first?: number;
}

interface UnitShape {
  readonly convolutions: readonly Conv2dOptions[];
  readonly out: number;
  readonly stride: number;
  readonly excite: boolean;
}

/**
 * Convolutions with normalisation and an activation between them, beside a shortcut, and an activation after. The last γ
 * begins as 0, so that at first a unit is its shortcut.
 */
function unit(net: Net, name: string, x: Value, shape: UnitShape, settings: BackboneSettings): Value {
  const { convolutions, out, stride, excite } = shape;
  const { activation = 'relu', reduction = 16, shortcut: halving } = settings;
  let y = x;
  convolutions.forEach((options, i) => {
    const last = i === convolutions.length - 1;
    y = conv2d(net, `${name}.conv${i + 1}`, y, { ...options, initial: 'he' });
    y = batchNorm(net, `${name}.bn${i + 1}`, y, { gamma: last ? 0 : 1 });
    if (!last) y = activate(net, `${name}.prelu${i + 1}`, y, activation);
  });
  if (excite) y = squeezeExcite(net, `${name}.se`, y, { middle: Math.max(1, Math.round(out / reduction)) });
  const around = { out, stride, mean: halving === 'mean', initial: 'he' } as const;
  return activate(net, `${name}.prelu`, add(shortcut(net, `${name}.shortcut`, x, around), y), activation);
}

/** The stride is the first 3×3's, as in everybody's code after the paper's. */
function unitShape(design: ResnetDesign, stage: number, i: number): UnitShape {
  const { groups = 1, excite = false, first = 64, width = first } = design;
  const stride = i === 0 && stage > 0 ? 2 : 1;
  const base = first * 2 ** stage;
  if (design.unit === 'basic') {
    const one = { out: base, kernel: 3, padding: 1 };
    return { convolutions: [{ ...one, stride }, one], out: base, stride, excite };
  }
  const middle = width * groups * 2 ** stage;
  const convolutions = [
    { out: middle, kernel: 1 },
    { out: middle, kernel: 3, stride, padding: 1, groups },
    { out: 4 * base, kernel: 1 },
  ];
  return { convolutions, out: 4 * base, stride, excite };
}

/**
 * At 112 px the paper's stem, 7×7 of stride 2 and a maximum of stride 2, leaves a map of 4×4 as in face.evoLVe; the fine
 * one leaves 7×7.
 */
export function resnet(family: string, design: ResnetDesign): Backbone {
  const { name, title, units, excite = false, first = 64 } = design;
  const common = {
    embedding: 512,
    dropout: 0.5,
    output: 'e',
    stem: 'paper',
    shortcut: 'stride',
    activation: 'relu',
  } as const;
  const trunk: Backbone['trunk'] = (net, pictures, settings) => {
    const { stem: kind = 'paper', activation = 'relu' } = settings;
    let x = stem(net, pictures, { kind, out: first, activation });
    units.forEach((repeats, stage) => {
      for (let i = 0; i < repeats; i++)
        x = unit(net, `stage${stage + 1}.${i}`, x, unitShape(design, stage, i), settings);
    });
    return x;
  };
  const options = [outputOption, stemOption, shortcutOption, activationOption];
  return {
    ...{ name, title, family, input: 112 },
    defaults: excite ? { ...common, reduction: 16 } : common,
    options: excite ? [...options, reductionOption] : options,
    trunk,
    build: (net, pictures, settings) => outputLayer(net, trunk(net, pictures, settings), settings),
  };
}

const fifty = { units: [3, 4, 6, 3], unit: 'bottleneck' } as const;
const hundred = { units: [3, 4, 23, 3], unit: 'bottleneck' } as const;
const more = { units: [3, 8, 36, 3], unit: 'bottleneck' } as const;
/** 32 groups of 4 channels, or of 8. */
const next4 = { groups: 32, width: 4 } as const;
const next8 = { groups: 32, width: 8 } as const;
const excite = true;

/** 15.4, 25.5, 40.3, 59.3 and 74.9 million parameters; face.evoLVe has the last three. */
export const resnets: readonly Backbone[] = [
  { name: 'resnet-18', title: 'ResNet-18', units: [2, 2, 2, 2], unit: 'basic' } as const,
  { name: 'resnet-34', title: 'ResNet-34', units: [3, 4, 6, 3], unit: 'basic' } as const,
  { name: 'resnet-50', title: 'ResNet-50', ...fifty },
  { name: 'resnet-101', title: 'ResNet-101', ...hundred },
  { name: 'resnet-152', title: 'ResNet-152', ...more },
].map((design) => resnet('ResNet', design));

/** 42.8, 64.0 and 81.5 million parameters. */
export const seResnets: readonly Backbone[] = [
  { name: 'se-resnet-50', title: 'SE-ResNet-50', ...fifty, excite },
  { name: 'se-resnet-101', title: 'SE-ResNet-101', ...hundred, excite },
  { name: 'se-resnet-152', title: 'SE-ResNet-152', ...more, excite },
].map((design) => resnet('SE-ResNet', design));

/** 32×4d of 39.8 and 32×8d of 103.5 million parameters. */
export const resnexts: readonly Backbone[] = [
  { name: 'resnext-50', title: 'ResNeXt-50 32×4d', ...fifty, ...next4 },
  { name: 'resnext-101', title: 'ResNeXt-101 32×8d', ...hundred, ...next8 },
].map((design) => resnet('ResNeXt', design));

/** 32×4d, as in Hu et al. 2018. */
export const seResnexts: readonly Backbone[] = [
  { name: 'se-resnext-50', title: 'SE-ResNeXt-50 32×4d', ...fifty, ...next4, excite },
  { name: 'se-resnext-101', title: 'SE-ResNeXt-101 32×4d', ...hundred, ...next4, excite },
].map((design) => resnet('SE-ResNeXt', design));
