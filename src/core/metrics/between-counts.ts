/** Counts values by where they fall between marks, without keeping them. */
export interface BetweenCounts {
  /** The values of a list from `from` to before `to`. They must be numbers, which is not looked at here. */
  readonly add: (values: ArrayLike<number>, from?: number, to?: number) => void;
  /** [marks], for each mark how many values were at least as large. */
  readonly atLeast: () => Float64Array;
  /** [marks], how many values were larger. */
  readonly above: () => Float64Array;
  readonly total: () => number;
}

/**
 * `marks` ascending, without repetition. Exact whatever the number of values, in 24 bytes a mark: what is needed of a
 * billion distractor scores is how many lie above each score of one person's pictures.
 */
export function betweenCounts(marks: Float64Array): BetweenCounts {
  const n = marks.length;
  /** Values strictly between mark i − 1 and mark i; the last: above all. And those that are mark i. */
  const inside = new Float64Array(n + 1);
  const equal = new Float64Array(n);
  let total = 0;
  const first = marks[0] ?? Number.POSITIVE_INFINITY;
  const last = marks[n - 1] ?? Number.NEGATIVE_INFINITY;
  // A grid over the marks says between which ones to look: few steps, where a search would take log n of them.
  const cells = Math.min(1 << 14, Math.max(1, 4 * n));
  const scale = last > first ? cells / (last - first) : 0;
  const cellOf = (value: number): number => Math.min(cells - 1, Math.floor((value - first) * scale));
  const start = new Uint32Array(cells + 1); // the first mark of each cell or after it
  marks.forEach((mark) => {
    const cell = cellOf(mark) + 1;
    start[cell] = (start[cell] ?? 0) + 1;
  });
  for (let cell = 0; cell < cells; cell++) start[cell + 1] = (start[cell + 1] ?? 0) + (start[cell] ?? 0);

  /** The first mark that is at least `value`, which lies between the first and the last. */
  const lowerBound = (value: number): number => {
    const cell = cellOf(value);
    let low = start[cell] ?? 0;
    let high = start[cell + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const suffixes = (own: 0 | 1): Float64Array => {
    const counts = new Float64Array(n);
    let sum = inside[n] ?? 0;
    for (let i = n - 1; i >= 0; i--) {
      counts[i] = sum + own * (equal[i] ?? 0);
      sum += (equal[i] ?? 0) + (inside[i] ?? 0);
    }
    return counts;
  };
  return {
    add: (values, from = 0, to = values.length) => {
      let below = 0; // most values, counted apart
      for (let i = from; i < to; i++) {
        const value = values[i] ?? 0;
        if (value < first) {
          below++;
          continue;
        }
        const mark = value > last ? n : lowerBound(value);
        const counts = mark < n && marks[mark] === value ? equal : inside;
        counts[mark] = (counts[mark] ?? 0) + 1;
      }
      inside[0] = (inside[0] ?? 0) + below;
      total += to - from;
    },
    atLeast: () => suffixes(1),
    above: () => suffixes(0),
    total: () => total,
  };
}
