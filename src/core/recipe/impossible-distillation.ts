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
  const { features, distances, angles, neighbours, similarities, flow, factors } = rest;
  const when = (wrong: boolean, path: string, message: string): RecipeProblem[] =>
    wrong ? [{ path: `distillation${path}`, message }] : [];
  const all = [soft, features, distances, angles, neighbours, similarities, flow, factors];
  const nothing = all.every((one) => one === null);
  return [
    ...when(
      nothing,
      '',
      'asks nothing of its teacher: give softTargets, features, distances, angles, neighbours, similarities, flow or factors',
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
      flow !== null && (flow.student?.length ?? 2) !== (flow.teacher?.length ?? 2),
      '.flow.teacher',
      `has ${flow?.teacher?.length ?? 2} maps, and the student ${flow?.student?.length ?? 2}: give as many of both`,
    ),
    ...when(
      angles !== null && batch > mostForAngles,
      '.angles',
      `is for batches of up to ${mostForAngles}, not ${batch}: its memory grows with the cube`,
    ),
  ];
}

/** Maps that the student is to have and has not. `maps`: the names of those that it has. */
export function impossibleMaps({ distillation }: Recipe, maps: () => readonly string[]): RecipeProblem[] {
  const { flow = null, factors = null } = distillation ?? {};
  if (flow === null && factors === null) return [];
  const known = maps();
  const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  const missing = (names: readonly string[], path: string): RecipeProblem[] =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: `distillation.${path}`,
        message: `names ${name}, which the network has not: ${has}`,
      }));
  const few = known.length < (flow === null ? 1 : 2);
  return [
    ...(few ? [{ path: 'distillation', message: `needs maps of the network on the way; ${has}` }] : []),
    ...missing(flow?.student ?? [], 'flow.student'),
    ...missing(factors?.student ? [factors.student] : [], 'factors.student'),
  ];
}
