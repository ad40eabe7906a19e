/** Between two neighbouring scores; the lower one where no number lies between them. */
export function between(low: number, high: number): number {
  const middle = (low + high) / 2;
  return middle < high ? middle : low;
}

/** How far outside of the extreme scores a threshold lies that accepts or refuses everything. */
export function outside(score: number): number {
  return 1e-6 * Math.max(1, Math.abs(score));
}
