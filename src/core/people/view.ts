import { apply } from '../faces/similarity.ts';
import type { Similarity } from '../faces/types.ts';
import { type Arena, heap } from './arena.ts';
import type { Moment } from './moment.ts';
import type { Vec3 } from './vectors.ts';

/**
 * The camera: a perspective with its eye `distance` millimetres before the head, then a similarity from millimetres in
 * the plane through the head (y down) to pixels of the picture, whose centres are at whole numbers.
 */
export interface View {
  readonly distance: number;
  readonly toPixels: Similarity;
}

/** x and y in pixels. */
export function project(view: View, [x, y, z]: Vec3): readonly [number, number] {
  const scale = view.distance / (view.distance - z);
  return apply(view.toPixels, x * scale, -y * scale);
}

/** Sample x, sample y and 1/distance of points [count, 3], for a raster with `samples` samples along each pixel's side. */
export function toScreen(
  view: View,
  positions: Float32Array,
  samples: number,
  memory: Arena = heap,
): Float32Array {
  const out = memory.floats(positions.length);
  const { a, b, tx, ty } = view.toPixels;
  for (let i = 0; i < positions.length; i += 3) {
    const away = 1 / Math.max(50, view.distance - (positions[i + 2] ?? 0));
    const x = (positions[i] ?? 0) * away * view.distance;
    const y = -(positions[i + 1] ?? 0) * away * view.distance;
    out[i] = (a * x - b * y + tx + 0.5) * samples - 0.5;
    out[i + 1] = (b * x + a * y + ty + 0.5) * samples - 0.5;
    out[i + 2] = away;
  }
  return out;
}

/** A face's height from the hairline to the chin, in millimetres: what a frame's size refers to. */
const faceHeight = 185;

/** The view in which the face lies in the picture as the shot's frame says. */
export function framed(at: Moment, width: number, height: number): View {
  const { frame, lens } = at.shot;
  const scale = (frame.size * height) / faceHeight;
  return {
    distance: lens.distance,
    toPixels: { a: scale, b: 0, tx: frame.x * width, ty: frame.y * height, reflect: false },
  };
}
