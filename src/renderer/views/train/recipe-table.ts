/** A setting in which recipes differ: its path, and its value in each. */
export interface DifferenceRow {
  readonly path: string;
  readonly values: readonly unknown[];
}

export interface Difference {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/**
 * Settings in which any recipe differs from the first, by path. `differ` compares two; a recipe that it does not name
 * has the first one's value.
 */
export function differenceRows<R>(
  recipes: readonly R[],
  differ: (a: R, b: R) => readonly Difference[],
): readonly DifferenceRow[] {
  const [first, ...others] = recipes;
  if (first === undefined) return [];
  const rows = new Map<string, { first: unknown; values: Map<number, unknown> }>();
  others.forEach((other, i) => {
    for (const { path, a, b } of differ(first, other)) {
      const row = rows.get(path) ?? { first: a, values: new Map<number, unknown>() };
      row.values.set(i, b);
      rows.set(path, row);
    }
  });
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, row]) => ({
      path,
      values: [row.first, ...others.map((_, i) => (row.values.has(i) ? row.values.get(i) : row.first))],
    }));
}

/** As a person reads a setting. */
export function settingWords(value: unknown): string {
  if (value === undefined) return 'not there';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}
