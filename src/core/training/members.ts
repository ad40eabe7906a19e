import { countsOf } from './split.ts';

/** The pictures of every class, class after class. */
export interface Members {
  /** Classes that have pictures, ascending. */
  readonly present: readonly number[];
  /** How many pictures a class has. */
  count(number: number): number;
  /** A class's picture number `i`. */
  picture(number: number, i: number): number;
}

/** From `classes` [pictures]: the class of each picture. */
export function membersOf(classes: Int32Array): Members {
  const counts = countsOf(classes);
  const starts = new Int32Array(counts.length + 1);
  for (const [number, count] of counts.entries()) starts[number + 1] = (starts[number] ?? 0) + count;
  const next = starts.slice();
  const members = new Int32Array(classes.length);
  for (const [picture, number] of classes.entries()) {
    const place = next[number] ?? 0;
    members[place] = picture;
    next[number] = place + 1;
  }
  return {
    present: [...counts.keys()].filter((number) => (counts[number] ?? 0) > 0),
    count: (number) => counts[number] ?? 0,
    picture: (number, i) => members[(starts[number] ?? 0) + i] ?? 0,
  };
}
