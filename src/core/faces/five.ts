import type { Points5 } from './types.ts';

/** Which of a model's points make each of the five; several are averaged. */
type Recipe = readonly [
  readonly number[],
  readonly number[],
  readonly number[],
  readonly number[],
  readonly number[],
];

/** Index lists by the number of points, counted from 0; left and right as seen in the picture. */
const recipes: Readonly<Record<number, Recipe>> = {
  5: [[0], [1], [2], [3], [4]],
  // iBUG 300-W
  68: [[36, 37, 38, 39, 40, 41], [42, 43, 44, 45, 46, 47], [30], [48], [54]],
  // FaceX-Zoo's SDK: points 105, 106, 55, 85, 91, counted from 1 (spec §1.4)
  106: [[104], [105], [54], [84], [90]],
  // MediaPipe's face mesh: corners and lids of the eyes, corners of the mouth. Where other networks have the nose's tip is
  // between 4, which is 0.05 eye distances above, and 1, which is 0.06 below (60 photographs, against MTCNN).
  468: [[33, 133, 159, 145], [263, 362, 386, 374], [1, 4], [61], [291]],
  478: [[33, 133, 159, 145], [263, 362, 386, 374], [1, 4], [61], [291]],
};

/** Whether five points can be made of a model with that many. */
export function givesFive(count: number): boolean {
  return recipes[count] !== undefined;
}

/**
 * The five points out of a landmark model's `points` [count, dimensions]; null where the layout of `count` points is
 * not known.
 */
export function fivePoints(points: ArrayLike<number>, count: number, dimensions: number): Points5 | null {
  const recipe = recipes[count];
  if (!recipe || points.length !== count * dimensions) return null;
  return recipe.flatMap((indices) =>
    [0, 1].map(
      (axis) => indices.reduce((sum, i) => sum + (points[i * dimensions + axis] ?? 0), 0) / indices.length,
    ),
  );
}

/** Pixels between the eyes. */
export function eyeDistance(points: Points5): number {
  return Math.hypot((points[2] ?? 0) - (points[0] ?? 0), (points[3] ?? 0) - (points[1] ?? 0));
}
