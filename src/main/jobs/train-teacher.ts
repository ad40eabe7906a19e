import { error } from '../../core/base/errors.ts';
import { isOfNetwork } from '../../core/compile/average.ts';
import type { TrainingPlan } from '../../core/compile/training.ts';
import { sameSplit } from '../../core/recipe/difference.ts';
import { planOf } from '../../core/recipe/plan.ts';
import type { EngineOptions } from '../engine/session.ts';
import { extrasOf } from '../plugins/use.ts';
import { readCheckpoint } from '../training/checkpoint.ts';
import { openModelTeacher } from '../training/model-teacher.ts';
import { openRunTeacher, type Teacher } from '../training/teacher.ts';
import type { TrainSetup } from './train-protocol.ts';

/**
 * The teacher that a setup names, for a student's plan; null where there is none. Throws `training/checkpoint-damaged`,
 * `training/teacher-classes` where it is asked for shares of classes that are other people, and what opening it does.
 */
export async function openTeacherOf(
  setup: TrainSetup,
  plan: TrainingPlan,
  options: EngineOptions,
): Promise<Teacher | null> {
  const { teacher, recipe, classes, backbonesDir } = setup;
  const { distillation } = plan;
  if (distillation === undefined || teacher === undefined) return null;
  const student = { distillation, size: plan.size, batch: plan.batch };
  if (teacher.from === 'model') return openModelTeacher(backbonesDir ?? '', teacher.name, student, options);
  const stored = await readCheckpoint(teacher.checkpoint, (tensor) =>
    isOfNetwork(tensor) ? new Float32Array(tensor.length) : null,
  );
  const own = stored.header.recipe;
  if (distillation.softTargets !== null && !sameSplit(own, recipe))
    throw error('training/teacher-classes', { name: teacher.name });
  const theirs = planOf(own, classes, await extrasOf({ ...setup, recipe: own }));
  return openRunTeacher(theirs, stored, student, options);
}
