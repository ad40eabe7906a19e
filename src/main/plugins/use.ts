import { error } from '../../core/base/errors.ts';
import {
  type PluginKind,
  pluginName,
  pluginNameOf,
  type UsedPlugin,
  usedPlugins,
} from '../../core/plugins/name.ts';
import type { Extras } from '../../core/recipe/extras.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { identitiesOrder } from '../../core/training/identities.ts';
import { type EpochOrder, epochOrders } from '../../core/training/sampler.ts';
import { importedOf } from '../models/kept-backbone.ts';
import { type Augmentation, asAugmentation } from './augmentation.ts';
import { type PluginContent, requireKept } from './kept.ts';
import { runPlugin } from './load.ts';
import { asBackbone, asHead } from './networks.ts';
import { asSampler } from './sampler.ts';

/** Where files are kept that runs need. */
export interface KeptFiles {
  /** Networks of files; left out, there are none. */
  readonly backbonesDir?: string;
  /** Plugins; left out, there are none. */
  readonly pluginsDir?: string;
}

/** The networks and heads of agreed plugins' contents. Errors: those of `runPlugin` and of their forms. */
export async function pluginExtras(
  contents: readonly { readonly kind: PluginKind; readonly content: PluginContent }[],
): Promise<Extras> {
  const backbones = [];
  const heads = [];
  for (const { kind, content } of contents) {
    const name = pluginNameOf(content.file.split('.')[0] ?? '', content.sha256);
    if (kind === 'backbone') backbones.push(asBackbone(content, await runPlugin(content), name));
    if (kind === 'head') heads.push(asHead(content, await runPlugin(content), name));
  }
  return { backbones, heads };
}

/**
 * The networks and heads of files that a recipe names, from where they are kept. Errors: `model/not-found` and others of
 * `importedOf`, `plugin/missing`, `plugin/failed`, `plugin/no-typescript`.
 */
export async function extrasOf({
  recipe,
  ...dirs
}: KeptFiles & { readonly recipe: Recipe }): Promise<Extras> {
  const imported = await importedOf({ recipe, ...dirs });
  const contents = [];
  for (const used of usedPlugins(recipe))
    contents.push({ kind: used.kind, content: await requireKept(dirs.pluginsDir, used) });
  const own = await pluginExtras(contents);
  return { backbones: [...imported, ...own.backbones], heads: own.heads };
}

export type SamplerChoice = Recipe['data']['sampler'];

/** The order of pictures by a recipe's choice. Errors as of `extrasOf`; `training/old-sampler`. */
export async function epochOrder(
  choice: SamplerChoice,
  stepImages: number,
  pluginsDir: string | undefined,
): Promise<EpochOrder> {
  if (choice.kind === 'identities') return identitiesOrder(choice);
  if (choice.kind === 'module') throw error('training/old-sampler', { file: choice.file });
  if (choice.kind !== 'plugin') return epochOrders[choice.kind];
  const content = await requireKept(pluginsDir, named('sampler', choice.name));
  return asSampler(content, await runPlugin(content), stepImages);
}

/** The user's own augmentation that a recipe names; null where it names none. Errors as of `extrasOf`. */
export async function augmentationOf(
  { plugin }: { readonly plugin?: string | null },
  pluginsDir: string | undefined,
): Promise<Augmentation | null> {
  if (plugin === undefined || plugin === null) return null;
  const content = await requireKept(pluginsDir, named('augmentation', plugin));
  return asAugmentation(content, await runPlugin(content));
}

function named(kind: PluginKind, whole: string): UsedPlugin {
  const [, name = '', hash] = pluginName.exec(whole) ?? [];
  return { kind, name, hash };
}
