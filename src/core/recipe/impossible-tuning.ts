import type { Backbone } from '../backbones/backbone.ts';
import { globs } from '../base/glob.ts';
import { buildEmbedding } from '../compile/1-build.ts';
import { count } from '../graph/shape.ts';
import { backboneSettingsOf } from './plan.ts';
import type { RecipeProblem } from './problem.ts';
import type { Recipe } from './recipe.ts';

/** What of a network a recipe's patterns mean: numbers that are learnt, of them all. */
export interface Frozenness {
  readonly frozen: number;
  readonly parameters: number;
}

/** How much of a network stays as it begins. */
export function frozenIn(recipe: Recipe, backbone: Backbone): Frozenness {
  const isFrozen = globs(recipe.fineTune.freeze);
  const all = parametersOf(recipe, backbone);
  const sum = (list: typeof all): number => list.reduce((total, { size }) => total + size, 0);
  return { frozen: sum(all.filter(({ name }) => isFrozen(name))), parameters: sum(all) };
}

/** Patterns that mean nothing, or everything. */
export function impossibleTuning(recipe: Recipe, backbone: Backbone): RecipeProblem[] {
  const { freeze, rates } = recipe.fineTune;
  if (freeze.length + rates.length === 0) return [];
  const names = parametersOf(recipe, backbone).map(({ name }) => name);
  const unknown = (pattern: string, path: string): RecipeProblem[] => {
    const plain = pattern.startsWith('!') ? pattern.slice(1) : pattern;
    // the head's parameters are called after classes, whatever the head
    if ([...names, 'classes.weight', 'classes.bias'].some(globs([plain]))) return [];
    return [{ path, message: `fits no parameter of ${backbone.title}; there are ${groupsOf(names)}` }];
  };
  return [
    ...freeze.flatMap((pattern, i) => unknown(pattern, `fineTune.freeze.${i}`)),
    ...rates.flatMap(({ match }, i) => unknown(match, `fineTune.rates.${i}.match`)),
    ...([...names, 'classes.weight'].every(globs(freeze))
      ? [{ path: 'fineTune.freeze', message: 'leaves nothing to train' }]
      : []),
  ];
}

function parametersOf(
  recipe: Recipe,
  backbone: Backbone,
): { readonly name: string; readonly size: number }[] {
  const { network } = recipe;
  const settings = backboneSettingsOf(backbone, network);
  const { net } = buildEmbedding({ backbone, settings, size: network.size, pixels: network.pixels }, 1);
  return net.parameters.map(({ name, shape }) => ({ name, size: count(shape) }));
}

/** More groups than these are not listed whole: imported networks may have one for each convolution. */
const listed = 12;

/** The first words of names: `stem.*, stage1.* … and head.*`. */
function groupsOf(names: readonly string[]): string {
  const groups = [...new Set(names.map((name) => `${name.split('.')[0]}.*`))];
  if (groups.length < 2) return groups.join('');
  const before = groups.length > listed ? [...groups.slice(0, listed / 2), '…'] : groups.slice(0, -1);
  return `${before.join(', ')} and ${groups.at(-1)}`;
}
