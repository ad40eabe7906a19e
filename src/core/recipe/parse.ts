import { z } from 'zod';
import { error } from '../base/errors.ts';
import type { Extras } from './extras.ts';
import { impossible } from './impossible.ts';
import type { RecipeProblem } from './problem.ts';
import { type Recipe, recipeSchema } from './recipe.ts';
import { wordsOf } from './words.ts';

export type Parsed =
  | { readonly recipe: Recipe; readonly problems: null }
  | { readonly recipe: null; readonly problems: readonly RecipeProblem[] };

/**
 * Any JSON as a recipe with everything stated, or all that is wrong with it: unknown settings, wrong types and limits;
 * and where there is none of that, settings that cannot go together. `extras` as of `impossible`.
 */
export function parseRecipe(json: unknown, extras: Extras | null = null): Parsed {
  const result = recipeSchema.safeParse(json);
  const problems = result.success
    ? impossible(result.data, extras)
    : result.error.issues.flatMap((issue) => wordsOf(issue, json));
  return result.success && problems.length === 0
    ? { recipe: result.data, problems: null }
    : { recipe: null, problems };
}

/** The same for callers that cannot go on without a recipe. Throws `recipe/invalid`, which names every problem. */
export function requireRecipe(json: unknown, extras: Extras | null = null): Recipe {
  const { recipe, problems } = parseRecipe(json, extras);
  if (recipe !== null) return recipe;
  throw error('recipe/invalid', {
    problems: problems
      .map(({ path, message }) => (path === '' ? `the recipe ${message}` : `${path} ${message}`))
      .join('; '),
  });
}

/**
 * A recipe as it was stored: settings that have come since are what they are by default. One that does not fit today's
 * schema is given as it is, to be looked at.
 */
export function storedRecipe(json: Recipe): Recipe {
  const result = recipeSchema.safeParse(json);
  return result.success ? result.data : json;
}

/** The recipe's JSON Schema as people write it: only what has no default is required. */
export function recipeJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(recipeSchema, { io: 'input' });
}
