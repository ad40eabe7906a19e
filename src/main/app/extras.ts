import type { Extras } from '../../core/recipe/extras.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Context } from './context.ts';

/** The networks and heads of files that a recipe names. Errors: those of `Backbones.imported` and `Plugins.extrasOf`. */
export async function extrasFor(
  { backbones, plugins }: Pick<Context, 'backbones' | 'plugins'>,
  recipe: Recipe,
): Promise<Extras> {
  const imported = await backbones.imported(recipe.network.backbone);
  const own = await plugins.extrasOf(recipe);
  return { backbones: [...imported, ...own.backbones], heads: own.heads };
}
