import type { Value } from '../graph/value.ts';
import { activate } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { conv2d } from '../layers/conv2d.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { squeezeExcite } from '../layers/squeeze-excite.ts';
import { add } from '../ops/add.ts';
import type { Backbone, BackboneSettings } from './backbone.ts';
import { activationOption, outputOption, reductionOption, shortcutOption } from './options.ts';
import { shortcut } from './shortcut.ts';

/** Normalisation, 3×3, PReLU, 3×3 with the stride, normalisation; and a shortcut (Deng et al. 2019, "IR"). */
function unit(
  net: Net,
  name: string,
  x: Value,
  { out, stride, excite }: { readonly out: number; readonly stride: number; readonly excite: boolean },
  { activation = 'prelu', reduction = 16, shortcut: halving }: BackboneSettings,
): Value {
  const across = shortcut(net, `${name}.shortcut`, x, { out, stride, mean: halving === 'mean' });
  let y = batchNorm(net, `${name}.bn1`, x);
  y = conv2d(net, `${name}.conv1`, y, { out, kernel: 3, padding: 1 });
  y = activate(net, `${name}.prelu`, y, activation);
  y = conv2d(net, `${name}.conv2`, y, { out, kernel: 3, stride, padding: 1 });
  y = batchNorm(net, `${name}.bn2`, y);
  if (excite) y = squeezeExcite(net, `${name}.se`, y, { middle: Math.max(1, Math.round(out / reduction)) });
  return add(across, y);
}

type Units = readonly [number, number, number, number];

/**
 * A member of the family by its units a stage, with squeeze-and-excitation or without. The stem is a 3×3 of stride 1; the
 * first unit of every stage halves the picture, from 112 px to 7×7.
 */
export function ir(layers: number, units: Units, excite = false): Backbone {
  const common = {
    embedding: 512,
    dropout: 0.5,
    output: 'e',
    shortcut: 'stride',
    activation: 'prelu',
  } as const;
  const trunk: Backbone['trunk'] = (net, pictures, settings) => {
    const stem = batchNorm(
      net,
      'stem.bn',
      conv2d(net, 'stem.conv', pictures, { out: 64, kernel: 3, padding: 1 }),
    );
    let x = activate(net, 'stem.prelu', stem, settings.activation ?? 'prelu');
    units.forEach((repeats, stage) => {
      for (let i = 0; i < repeats; i++) {
        const shape = { out: 64 * 2 ** stage, stride: i === 0 ? 2 : 1, excite };
        x = unit(net, `stage${stage + 1}.${i}`, x, shape, settings);
      }
    });
    return x;
  };
  return {
    name: `ir${excite ? '-se' : ''}-${layers}`,
    title: `IR${excite ? '-SE' : ''}-${layers}`,
    family: excite ? 'IR-SE' : 'IR',
    input: 112,
    multipleOf: 16,
    defaults: excite ? { ...common, reduction: 16 } : common,
    options: [outputOption, shortcutOption, activationOption, ...(excite ? [reductionOption] : [])],
    trunk,
    build: (net, pictures, settings) => outputLayer(net, trunk(net, pictures, settings), settings),
  };
}

export const ir18 = ir(18, [2, 2, 2, 2]);
export const ir34 = ir(34, [3, 4, 6, 3]);
export const ir50 = ir(50, [3, 4, 14, 3]);
export const ir101 = ir(101, [3, 13, 30, 3]); // in other places called 100
export const ir152 = ir(152, [3, 8, 36, 3]);
export const irSe18 = ir(18, [2, 2, 2, 2], true);
export const irSe34 = ir(34, [3, 4, 6, 3], true);
export const irSe50 = ir(50, [3, 4, 14, 3], true);
export const irSe101 = ir(101, [3, 13, 30, 3], true);
export const irSe152 = ir(152, [3, 8, 36, 3], true);
