import { globs } from '../base/glob.ts';
import type { TrainingPlan } from '../compile/training.ts';
import type { Frozen } from '../layers/net.ts';
import type { Recipe } from './recipe.ts';

/** What a recipe's fine-tuning and averaging are to the compiler. */
export function tuningOf({
  fineTune,
  average,
}: Pick<Recipe, 'fineTune' | 'average'>): Pick<TrainingPlan, 'frozen' | 'factor' | 'average'> {
  const { freeze, statistics, rates } = fineTune;
  const isFrozen = globs(freeze);
  const frozen: Frozen = {
    parameter: isFrozen,
    statistics: statistics === 'running' ? isFrozen : () => false,
  };
  const factors = rates.map(({ match, factor }) => ({ fits: globs([match]), factor }));
  return {
    ...(freeze.length > 0 && { frozen }),
    ...(rates.length > 0 && {
      factor: (name: string) => factors.findLast(({ fits }) => fits(name))?.factor ?? 1,
    }),
    average: average?.decay ?? null,
  };
}
