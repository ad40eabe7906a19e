import type { RawTensor } from '../../../../src/core/faces/detect/tensor.ts';
import type { Detection } from '../../../../src/core/faces/types.ts';

/** Known faces for the round trips, in pixels of a 320×320 input. */
export const faces: readonly Detection[] = [
  {
    box: { x: 20, y: 30, width: 40, height: 52 },
    score: 0.9,
    points: [30, 50, 48, 51, 40, 60, 32, 70, 47, 71],
  },
  {
    box: { x: 150, y: 100, width: 120, height: 140 },
    score: 0.8,
    points: [180, 150, 240, 149, 210, 180, 185, 205, 238, 207],
  },
  {
    box: { x: 260, y: 250, width: 18, height: 20 },
    score: 0.7,
    points: [264, 257, 273, 257, 268, 262, 265, 266, 272, 266],
  },
];

export const input = { width: 320, height: 320 } as const;

export const zeros = (...shape: number[]): { shape: number[]; data: Float32Array } => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

export const middle = ({ box }: Detection): readonly [number, number] => [
  box.x + box.width / 2,
  box.y + box.height / 2,
];

/** Compares detections found with those encoded, best first. */
export function closest(found: readonly Detection[], tolerance = 1e-3): string[] {
  const wrong: string[] = [];
  const sorted = [...found].sort((a, b) => b.score - a.score);
  if (sorted.length !== faces.length) wrong.push(`${sorted.length} faces`);
  for (const [i, want] of faces.entries()) {
    const got = sorted[i];
    const numbers = (d: Detection | undefined): number[] =>
      d ? [d.box.x, d.box.y, d.box.width, d.box.height, ...(d.points ?? [])] : [];
    const points = got?.points === null ? { ...want, points: null } : want;
    for (const [k, value] of numbers(points).entries()) {
      const other = numbers(got)[k];
      if (other === undefined || Math.abs(other - value) > tolerance)
        wrong.push(`face ${i} number ${k}: ${other}`);
    }
    if (Math.abs((got?.score ?? 0) - want.score) > 1e-5) wrong.push(`face ${i}: score ${got?.score}`);
  }
  return wrong;
}

/** The tensors in another order, which must not matter. */
export const reversed = (tensors: readonly RawTensor[]): RawTensor[] => [...tensors].reverse();
