import { mapsOf } from '../../core/backbones/maps.ts';
import { error } from '../../core/base/errors.ts';
import type { NetworkPlan } from '../../core/compile/1-build.ts';
import { side } from '../../core/graph/shape.ts';
import type { TeacherMap } from '../../core/heads/distillation-maps.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';

/** What maps a teacher has halfway, and which of them a recipe asks for. */

type Lessons = Pick<NonNullable<Recipe['distillation']>, 'flow' | 'factors'>;

/** The maps of one of our networks, by its parts. */
export function mapsOfNetwork({
  backbone,
  settings,
  size,
}: Pick<NetworkPlan, 'backbone' | 'settings' | 'size'>): readonly TeacherMap[] {
  return mapsOf(backbone, settings, size).map(({ name, value: { shape } }) => ({
    ...{ name, channels: side(shape, 1), side: side(shape, 2) },
  }));
}

/** As many are named in an error; an ONNX file may have hundreds. */
const mostNamed = 24;

/** Throws `training/teacher-maps` where a teacher has not the maps that it is to tell, as they are to be. */
export function checkMaps(
  wanted: readonly TeacherMap[],
  available: readonly TeacherMap[],
  teacher: string,
): void {
  for (const { name, channels, side: length } of wanted) {
    const own = available.find((one) => one.name === name);
    if (own?.channels !== channels || own.side !== length)
      throw error('training/teacher-maps', { name, teacher, has: inWords(available) });
  }
}

/**
 * A recipe's lessons with the teacher's maps by name, where it left them open: its first and last; and how large they are.
 * `usual`: what is chosen from, where that are fewer. Throws `training/teacher-maps`.
 */
export function chosenMaps<T extends Lessons>(
  { flow, factors, ...rest }: T,
  available: readonly TeacherMap[],
  teacher: string,
  usual = available,
): { readonly lessons: T; readonly maps: readonly TeacherMap[] } {
  const [first, last] = [usual[0]?.name, usual.at(-1)?.name];
  if (first === undefined || last === undefined || (flow !== null && first === last))
    throw error('training/teacher-maps', { name: 'between its parts', teacher, has: inWords(available) });
  const lessons = {
    ...rest,
    flow: flow && { ...flow, teacher: flow.teacher ?? [first, last] },
    factors: factors && { ...factors, teacher: factors.teacher ?? last },
  };
  const names = new Set([
    ...(lessons.flow?.teacher ?? []),
    ...(lessons.factors ? [lessons.factors.teacher] : []),
  ]);
  const maps = [...names].map((name) => {
    const map = available.find((one) => one.name === name);
    if (!map) throw error('training/teacher-maps', { name, teacher, has: inWords(usual) });
    return map;
  });
  return { lessons: lessons as T, maps };
}

/** “stage1 (64 channels of 56×56), …”. */
function inWords(maps: readonly TeacherMap[]): string {
  if (maps.length === 0) return 'It has none.';
  const named = maps
    .slice(0, mostNamed)
    .map(({ name, channels, side: length }) => `${name} (${channels} of ${length}×${length})`);
  const more = maps.length > mostNamed ? ` and ${maps.length - mostNamed} more` : '';
  return `It has ${named.join(', ')}${more}.`;
}
