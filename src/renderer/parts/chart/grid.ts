/** Pixels of the grid that charts stand in: the least width of one, and the gap between two. */
export const leastWidth = 380;
export const gap = 12;

/**
 * How many numbers a curve needs in a grid of that width: as many as its chart has pixels. It is rounded, so that a
 * window that is being resized does not ask all the time.
 */
export function pointsAcross(width: number, most: number): number {
  const columns = Math.max(1, Math.floor((width + gap) / (leastWidth + gap)));
  return Math.min(most, Math.ceil(width / columns / 100) * 100);
}
