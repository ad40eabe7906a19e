import { eyeDistance } from './five.ts';
import { apply, scaleOf, umeyama } from './similarity.ts';
import { template112 } from './template.ts';
import type { Points5 } from './types.ts';

/** How found points lie on the template. */
export interface TemplateFit {
  /** Mean distance of points from the template's, as a share of the distance between its eyes. */
  readonly error: number;
  /** From the template to what was found, in the middle of the faces: scale, turn (degrees), shift (pixels of 112). */
  readonly scale: number;
  readonly turn: number;
  readonly shift: readonly [x: number, y: number];
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [below = 0, above = 0] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (below + above) / 2;
};

/**
 * Compares the five points of faces, in pixels of 112×112 crops, with where the template has them. Single faces lie off by
 * their pose; what all have in common is how the crops were made. Null where there is no face.
 */
export function templateFit(faces: readonly Points5[]): TemplateFit | null {
  const middle = [0, 1].map(
    (axis) => template112.filter((_, i) => i % 2 === axis).reduce((a, b) => a + b) / 5,
  );
  const [x = 0, y = 0] = middle;
  const fits = faces.flatMap((points) => {
    const fit = umeyama(template112, points);
    return fit === null ? [] : [fit];
  });
  if (fits.length === 0) return null;
  const moved = fits.map((fit) => apply(fit, x, y));
  const apart = faces.map((points) => {
    let sum = 0;
    for (let i = 0; i < 10; i += 2)
      sum += Math.hypot(
        (points[i] ?? 0) - (template112[i] ?? 0),
        (points[i + 1] ?? 0) - (template112[i + 1] ?? 0),
      );
    return sum / 5;
  });
  return {
    error: apart.reduce((sum, distance) => sum + distance, 0) / apart.length / eyeDistance(template112),
    scale: median(fits.map(scaleOf)),
    turn: median(fits.map(({ a, b }) => (Math.atan2(b, a) * 180) / Math.PI)),
    shift: [median(moved.map(([mx]) => mx - x)), median(moved.map(([, my]) => my - y))],
  };
}
