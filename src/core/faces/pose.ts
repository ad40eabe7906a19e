import type { Points5 } from './types.ts';

/** How a head is turned, in degrees; 0, 0, 0 looks into the camera upright. */
export interface Pose {
  /** Positive where the nose points to the picture's right. */
  readonly yaw: number;
  /** Positive where the face looks up. */
  readonly pitch: number;
  /** Positive where the head is turned clockwise in the picture. */
  readonly roll: number;
}

/**
 * A mean head's five points in millimetres: x to the picture's right, y down, z towards the camera, from the middle
 * between the eyes. In the plane it is the 112 template at 63 mm between the eyes; the depths are those of a common
 * head model (tip of the nose about 30 mm, corners of the mouth about 6 mm in front of the eyes' corners).
 */
const head = [
  [-31.5, -0.2, 0],
  [31.5, 0.2, 0],
  [0.2, 36, 30],
  [-25.7, 72.9, 6],
  [26.5, 72.6, 6],
] as const;

/** Pseudo-inverse (HᵀH)⁻¹Hᵀ of the centred head points, [3, 5]. */
function pseudoInverse(): number[][] {
  const mean = [0, 1, 2].map((k) => head.reduce((sum, p) => sum + (p[k] ?? 0), 0) / head.length);
  const h = head.map((p) => p.map((v, k) => v - (mean[k] ?? 0)));
  const g = [0, 1, 2].map((i) => [0, 1, 2].map((j) => h.reduce((s, p) => s + (p[i] ?? 0) * (p[j] ?? 0), 0)));
  const at = (i: number, j: number): number => g[i % 3]?.[j % 3] ?? 0;
  const cofactor = (i: number, j: number): number =>
    at(i + 1, j + 1) * at(i + 2, j + 2) - at(i + 1, j + 2) * at(i + 2, j + 1);
  const det = [0, 1, 2].reduce((sum, j) => sum + at(0, j) * cofactor(0, j), 0);
  return [0, 1, 2].map((i) =>
    h.map((p) => [0, 1, 2].reduce((sum, j) => sum + (cofactor(j, i) / det) * (p[j] ?? 0), 0)),
  );
}

const degrees = 180 / Math.PI;

/**
 * An estimate of the pose from five points: the affine camera (2×3) that best takes a mean head to the points, made
 * orthonormal. It is within some ten degrees for usual faces: good for telling profiles from frontal faces, not for
 * measuring. Degenerate points give 0, 0, 0.
 */
export function poseOf(points: Points5): Pose {
  const inverse = pseudoInverse();
  const camera = [0, 1].map((axis) => {
    const mean = [0, 1, 2, 3, 4].reduce((sum, k) => sum + (points[2 * k + axis] ?? 0), 0) / 5;
    return inverse.map((row) => row.reduce((sum, w, k) => sum + w * ((points[2 * k + axis] ?? 0) - mean), 0));
  });
  const [r1 = [], r2 = []] = camera;
  const u = unit(r1);
  if (!u || !unit(r2)) return { yaw: 0, pitch: 0, roll: 0 };
  // the nearest orthonormal pair: half way between making the second row orthogonal to the first, and the reverse
  const v = unit(r2) ?? r2;
  const middle = unit(u.map((x, i) => x + (v[i] ?? 0)));
  const across = unit(u.map((x, i) => x - (v[i] ?? 0)));
  if (!middle || !across) return { yaw: 0, pitch: 0, roll: 0 };
  const x = middle.map((m, i) => (m + (across[i] ?? 0)) * Math.SQRT1_2);
  const y = middle.map((m, i) => (m - (across[i] ?? 0)) * Math.SQRT1_2);
  // the third row, towards the camera; where the nose goes is the third column (x₂, y₂, z₂)
  const z2 = (x[0] ?? 0) * (y[1] ?? 0) - (x[1] ?? 0) * (y[0] ?? 0);
  const x2 = x[2] ?? 0;
  const y2 = y[2] ?? 0;
  // roll · yaw · pitch: the line through the eyes shows the roll, until a profile hides it
  const [x0 = 0, x1 = 0] = x;
  const [y0 = 0, y1 = 0] = y;
  const roll = x0 * x0 + y0 * y0 > 0.1 ? Math.atan2(y0, x0) : Math.atan2(y0 - x1, x0 + y1);
  // turned back by the roll, so that yaw is about the head's upright axis
  const noseX = Math.cos(roll) * x2 + Math.sin(roll) * y2;
  const noseY = Math.cos(roll) * y2 - Math.sin(roll) * x2;
  return {
    yaw: Math.atan2(noseX, z2) * degrees,
    pitch: -Math.atan2(noseY, Math.sqrt(noseX * noseX + z2 * z2)) * degrees,
    roll: roll * degrees,
  };
}

function unit(v: readonly number[]): number[] | null {
  const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return length > 1e-12 ? v.map((x) => x / length) : null;
}
