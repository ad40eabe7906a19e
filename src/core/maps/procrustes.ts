import { assert } from '../base/assert.ts';

/**
 * `positions` [n, 2] moved, turned, mirrored and scaled so that they come as near to `target` as they can, by the sum of squares
 * (Schönemann 1966; in the plane in closed form): two maps of the same faces can be looked at side by side then.
 */
export function alignedTo(target: Float64Array, positions: Float64Array): Float64Array {
  assert(target.length === positions.length && target.length > 0, 'as many points in both maps');
  const [to, from] = [centred(target), centred(positions)];
  // As complex numbers: the best turn and scale is Σ to·conj(from) / Σ|from|², mirrored with from instead of conj(from).
  let [re, im, mirroredRe, mirroredIm, squares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < target.length; i += 2) {
    const [a, b] = [to.points[i] ?? 0, to.points[i + 1] ?? 0];
    const [c, d] = [from.points[i] ?? 0, from.points[i + 1] ?? 0];
    re += a * c + b * d;
    im += b * c - a * d;
    mirroredRe += a * c - b * d;
    mirroredIm += a * d + b * c;
    squares += c * c + d * d;
  }
  const mirror = mirroredRe ** 2 + mirroredIm ** 2 > re ** 2 + im ** 2;
  const scale = squares > 0 ? 1 / squares : 0;
  const [turnRe, turnIm] = mirror ? [mirroredRe * scale, mirroredIm * scale] : [re * scale, im * scale];
  const moved = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i += 2) {
    const [c, d] = [from.points[i] ?? 0, (from.points[i + 1] ?? 0) * (mirror ? -1 : 1)];
    moved[i] = turnRe * c - turnIm * d + to.x;
    moved[i + 1] = turnRe * d + turnIm * c + to.y;
  }
  return moved;
}

function centred(points: Float64Array): {
  readonly points: Float64Array;
  readonly x: number;
  readonly y: number;
} {
  const n = points.length / 2;
  let [x, y] = [0, 0];
  for (let i = 0; i < points.length; i += 2) {
    x += (points[i] ?? 0) / n;
    y += (points[i + 1] ?? 0) / n;
  }
  return { points: points.map((value, i) => value - (i % 2 === 0 ? x : y)), x, y };
}
