import { join } from 'node:path';
import { defined } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import { importedName } from '../../core/import-graph/imported-backbone.ts';
import { sameSplit } from '../../core/recipe/difference.ts';
import { fileTeacherMemory, type TeacherMemory, teacherMemory } from '../../core/recipe/memory.ts';
import { planOf } from '../../core/recipe/plan.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { TrainSetup } from '../jobs/train-protocol.ts';
import type { ModelMaps } from '../models/model-maps.ts';
import { chosenMaps, mapsOfNetwork } from '../training/teacher-maps.ts';
import type { Context } from './context.ts';
import { extrasFor } from './extras.ts';
import { type NamedCheckpoint, namedCheckpoint } from './training-start.ts';

/** A run's teacher in its own folder, so that it can go on after the teacher's run was removed. */
const teacherFile = 'teacher.checkpoint';
export const teacherPath = (folder: string): string => join(folder, teacherFile);

/** Whom a recipe learns from. */
export interface FoundTeacher {
  /** The recipe with the teacher's whole name, and how long its embedding is. */
  readonly recipe: Recipe;
  /** In words: “step 300 of the run Big”, or a model. */
  readonly of: string;
  /** Null: a model, whose file is kept by its name. */
  readonly run: NamedCheckpoint | null;
}

/**
 * The teacher that a recipe names; null where there is none. Errors: `run/unknown`, `run/no-checkpoint`, `model/not-found`,
 * `training/teacher-classes`, and what `permit` throws of the teacher's plugins.
 */
export function teacherOf(
  context: Pick<Context, 'store' | 'dataDir' | 'shelf' | 'backbones' | 'plugins'>,
  recipe: Recipe,
): FoundTeacher | null {
  const { distillation } = recipe;
  if (distillation === null) return null;
  const { teacher } = distillation;
  const told = (found: typeof teacher): Recipe => ({
    ...recipe,
    distillation: { ...distillation, teacher: found },
  });
  if (teacher.from === 'model') {
    const model = context.backbones.wholeName(teacher.model);
    const [, id = ''] = importedName.exec(model) ?? [];
    const { card } = context.shelf.embedding(id);
    return { recipe: told({ ...teacher, model, embedding: card.size }), of: card.name, run: null };
  }
  const named = namedCheckpoint(context, teacher);
  context.plugins.permit(named.run.recipe); // it runs what the teacher was made of
  if (distillation.softTargets !== null && !sameSplit(named.run.recipe, recipe))
    throw error('training/teacher-classes', { name: named.run.name });
  const { embedding } = named.run.recipe.network;
  return {
    recipe: told({ ...teacher, embedding }),
    of: `step ${named.checkpoint.step} of the run ${named.run.name}`,
    run: named,
  };
}

/**
 * The same with the teacher's maps written in, where the recipe learns from them. Errors: `training/teacher-maps`, and why a
 * teacher's own network cannot be made.
 */
export async function withMaps(
  context: Pick<Context, 'backbones' | 'plugins'>,
  found: FoundTeacher | null,
): Promise<FoundTeacher | null> {
  const distillation = found?.recipe.distillation ?? null;
  if (found === null || distillation === null) return found;
  if (distillation.flow === null && distillation.factors === null) return found;
  const { teacher } = distillation;
  const { all, usual } = await mapsOfTeacher(context, found, teacher);
  const { lessons, maps } = chosenMaps(distillation, all, found.of, usual);
  const told = { ...lessons, teacher: { ...teacher, maps: [...maps] } };
  return { ...found, recipe: { ...found.recipe, distillation: told } };
}

/** Whether all that a recipe learns of its teacher's maps is written in. */
export function hasMaps({ distillation }: Recipe): boolean {
  if (distillation === null) return true;
  const { teacher, flow, factors } = distillation;
  const names = [...(flow ? (flow.teacher ?? [null]) : []), ...(factors ? [factors.teacher] : [])];
  return names.every((name) => teacher.maps?.some((map) => map.name === name) ?? false);
}

/** What a teacher takes of the memory. Errors: why its own network cannot be made. */
export async function memoryOfTeacher(
  context: Pick<Context, 'backbones' | 'plugins'>,
  { recipe, run }: FoundTeacher,
): Promise<TeacherMemory> {
  const teacher = recipe.distillation?.teacher;
  if (teacher?.from === 'model') return fileTeacherMemory(await context.backbones.bytes(teacher.model));
  const own = defined(run, 'the teacher’s run').run.recipe;
  return teacherMemory(planOf(own, 2, await extrasFor(context, own)));
}

async function mapsOfTeacher(
  context: Pick<Context, 'backbones' | 'plugins'>,
  { run }: FoundTeacher,
  teacher: NonNullable<Recipe['distillation']>['teacher'],
): Promise<ModelMaps> {
  if (teacher.from === 'model') return await context.backbones.maps(teacher.model);
  const { recipe } = defined(run, 'the teacher’s run').run;
  const all = mapsOfNetwork(planOf(recipe, 2, await extrasFor(context, recipe)));
  return { all, usual: all };
}

/** The same with the very checkpoint in place of “best” or “last”. */
export function settled({ recipe, run }: FoundTeacher): Recipe {
  const { distillation } = recipe;
  if (run === null || distillation?.teacher.from !== 'run') return recipe;
  const teacher = { ...distillation.teacher, checkpoint: run.checkpoint.step };
  return { ...recipe, distillation: { ...distillation, teacher } };
}

/** What a training process is told of a recipe's teacher; `checkpoint` is a run's file. Keeps a model's file. */
export async function teacherSetup(
  { backbones }: Pick<Context, 'backbones'>,
  { distillation }: Recipe,
  checkpoint: string,
): Promise<Pick<TrainSetup, 'teacher'>> {
  if (distillation === null) return {};
  const { teacher } = distillation;
  if (teacher.from === 'run') return { teacher: { from: 'run', checkpoint, name: teacher.run } };
  await backbones.keep(teacher.model);
  return { teacher: { from: 'model', name: teacher.model } };
}
