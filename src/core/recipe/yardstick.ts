/** AdaCos's scale for so many classes, √2·ln(C − 1) (Zhang et al. 2019). */
export function yardstick(classes: number): number {
  return Math.SQRT2 * Math.log(Math.max(2, classes - 1));
}
