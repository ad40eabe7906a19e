import type { Head } from '../heads/head.ts';
import type { RecipeProblem } from './problem.ts';
import type { Recipe } from './recipe.ts';

/** Above this, angles between any three pictures of a batch take gigabytes. */
const mostForAngles = 256;

/** What a teacher cannot tell. */
export function impossibleDistillation(
  { distillation, head: { sampling }, batch }: Recipe,
  head: Head | undefined,
): RecipeProblem[] {
  if (distillation === null) return [];
  const { teacher, softTargets: soft, ...rest } = distillation;
  const { features, distances, angles, neighbours, similarities } = rest;
  const when = (wrong: boolean, path: string, message: string): RecipeProblem[] =>
    wrong ? [{ path: `distillation${path}`, message }] : [];
  const nothing = [soft, features, distances, angles, neighbours, similarities].every((one) => one === null);
  return [
    ...when(
      nothing,
      '',
      'asks nothing of its teacher: give softTargets, features, distances, angles, neighbours or similarities',
    ),
    ...when(
      soft !== null && teacher.from === 'model',
      '.softTargets',
      'needs a teacher with classes: a run on the same people; a model has embeddings only, so set it to null',
    ),
    ...when(
      soft !== null && head?.compares === 'pictures',
      '.softTargets',
      `needs a head with class weights; ${head?.title} compares pictures, so set it to null`,
    ),
    ...when(
      soft !== null && sampling !== null,
      '.softTargets',
      'needs all classes at every step: set it or head.sampling to null',
    ),
    ...when(
      angles !== null && batch > mostForAngles,
      '.angles',
      `is for batches of up to ${mostForAngles}, not ${batch}: its memory grows with the cube`,
    ),
  ];
}
