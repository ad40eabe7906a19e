import type { Recipe } from './recipe.ts';

/** A place at which two recipes differ; undefined where one of them has nothing there. */
export interface Difference {
  /** `schedule.decay.kind`. */
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** Where two recipes differ, in the order of their fields. Lists are compared whole. */
export function recipeDifferences(a: Recipe, b: Recipe): Difference[] {
  return differences('', a, b);
}

/** Whether both train on and hold out the same people, and a class is the same person: the seed numbers them. */
export function sameSplit(a: Recipe, b: Recipe): boolean {
  const decides = /^(seed|data\.(version|minImagesPerIdentity|holdOut)(\.|$))/;
  return !recipeDifferences(a, b).some(({ path }) => decides.test(path));
}

function differences(path: string, a: unknown, b: unknown): Difference[] {
  if (isRecord(a) && isRecord(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].flatMap((name) =>
      differences(path === '' ? name : `${path}.${name}`, a[name], b[name]),
    );
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, a, b }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
