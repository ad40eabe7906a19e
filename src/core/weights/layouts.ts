/**
 * What face.evoLVe and FaceX-Zoo call the parts of the networks that Lineament has too. Both have the same modules in the
 * IR family and in MobileFaceNet; FaceX-Zoo keeps them in a larger module, whose names begin with `backbone.`.
 */
export const torchLayouts = ['evolve', 'facex'] as const;
export type TorchLayout = (typeof torchLayouts)[number];
/** `lineament`: the application's own names. */
export const layouts = [...torchLayouts, 'lineament'] as const;
export type Layout = (typeof layouts)[number];

/** Replacements in a module's name, one after the other; `#` is the number of the unit, counted through all stages. */
type Renaming = readonly (readonly [from: RegExp, to: string])[];

interface Family {
  readonly backbones: RegExp;
  /** Whose checkpoints have it. */
  readonly layouts: readonly TorchLayout[];
  readonly renaming: Renaming;
  /** Linear layers that are convolutions of 1×1 there, by Lineament's names of their weights. */
  readonly pointwise?: RegExp;
}

const ir: Renaming = [
  [/^stem\.conv$/, 'input_layer.0'],
  [/^stem\.bn$/, 'input_layer.1'],
  [/^stem\.prelu$/, 'input_layer.2'],
  [/^stage\d+\.\d+\./, 'body.#.'],
  [/\.shortcut\.conv$/, '.shortcut_layer.0'],
  [/\.shortcut\.bn$/, '.shortcut_layer.1'],
  [/\.bn1$/, '.res_layer.0'],
  [/\.conv1$/, '.res_layer.1'],
  [/\.prelu$/, '.res_layer.2'],
  [/\.conv2$/, '.res_layer.3'],
  [/\.bn2$/, '.res_layer.4'],
  [/\.se\.down$/, '.res_layer.5.fc1'],
  [/\.se\.up$/, '.res_layer.5.fc2'],
  // the head's have been renamed by the lines for units
  [/^head\.res_layer\.0$/, 'output_layer.0'],
  [/^head\.linear$/, 'output_layer.3'],
  [/^head\.res_layer\.4$/, 'output_layer.4'],
];

const mobilefacenet: Renaming = [
  [/^stem\./, 'conv1.'],
  [/^stem-depthwise\./, 'conv2_dw.'],
  [/^head\.expand\./, 'conv_6_sep.'],
  [/^head\.pool\./, 'conv_6_dw.'],
  [/^head\.linear$/, 'linear'],
  [/^head\.bn$/, 'bn'],
  [/\.expand\./, '.conv.'],
  [/\.depthwise\./, '.conv_dw.'],
  [/^stage1\.down\./, 'conv_23.'],
  [/^stage2\.down\./, 'conv_34.'],
  [/^stage3\.down\./, 'conv_45.'],
  [/^stage1\.(\d+)\./, 'conv_3.model.$1.'],
  [/^stage2\.(\d+)\./, 'conv_4.model.$1.'],
  [/^stage3\.(\d+)\./, 'conv_5.model.$1.'],
];

/** As torchvision names them; what follows the last unit is face.evoLVe's. */
const resnet: Renaming = [
  [/^stem\.conv$/, 'conv1'],
  [/^stem\.bn$/, 'bn1'],
  [/^head\.bn1$/, 'bn_o1'],
  [/^head\.linear$/, 'fc'],
  [/^head\.bn2$/, 'bn_o2'],
  [/^stage(\d+)\./, 'layer$1.'],
  [/\.shortcut\.conv$/, '.downsample.0'],
  [/\.shortcut\.bn$/, '.downsample.1'],
];

const families: readonly Family[] = [
  {
    backbones: /^ir-(se-)?\d+$/,
    layouts: ['evolve', 'facex'],
    renaming: ir,
    pointwise: /\.se\.(down|up)\.weight$/,
  },
  { backbones: /^mobilefacenet$/, layouts: ['evolve', 'facex'], renaming: mobilefacenet },
  { backbones: /^resnet-\d+$/, layouts: ['evolve'], renaming: resnet },
];

/** The last part of a name: PyTorch calls by the kind of number what Lineament calls by its meaning. */
const leaves: Readonly<Record<string, string>> = {
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
  slope: 'weight',
};

/** Layouts that have names for a backbone. */
export function layoutsOf(backbone: string): readonly Layout[] {
  return [...(familyOf(backbone)?.layouts ?? []), 'lineament'];
}

const familyOf = (backbone: string): Family | undefined =>
  families.find(({ backbones }) => backbones.test(backbone));

/** The shape that a tensor has in a layout. */
export function shapeIn(
  layout: Layout,
  backbone: string,
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
): readonly number[] {
  const family = layout === 'lineament' ? undefined : familyOf(backbone);
  return family?.pointwise?.test(name) ? [...shape, 1, 1] : shape;
}

/** What stands before every name in files that are written. */
export const writtenPrefix: Readonly<Record<Layout, string>> = {
  evolve: '',
  facex: 'backbone.',
  lineament: '',
};

/**
 * What a layout calls the parameters and running statistics of a backbone, without a prefix; null where it has no names for
 * it. `names` are all of the backbone's, in their order.
 */
export function namesIn(
  layout: Layout,
  backbone: string,
  names: readonly string[],
): ReadonlyMap<string, string> | null {
  if (layout === 'lineament') return new Map(names.map((name) => [name, name]));
  const family = familyOf(backbone);
  if (family === undefined || !family.layouts.includes(layout)) return null;
  const units = new Map<string, number>();
  return new Map(
    names.map((name) => {
      const [, module = '', leaf = ''] = /^(.*)\.([^.]+)$/.exec(name) ?? [];
      const unit = /^stage\d+\.\d+\./.exec(module)?.[0] ?? '';
      if (unit !== '' && !units.has(unit)) units.set(unit, units.size);
      let renamed = module;
      for (const [from, to] of family.renaming)
        renamed = renamed.replace(from, to.replace('#', String(units.get(unit) ?? 0)));
      return [name, `${renamed}.${leaves[leaf] ?? leaf}`];
    }),
  );
}
