import type { PartLight } from './illuminate.ts';
import type { PosedPart } from './moment.ts';

/** A place on a surface that is being shaded; one object is filled again and again. */
export interface Spot {
  /** The triangle's vertices and their weights. */
  a: number;
  b: number;
  c: number;
  u: number;
  v: number;
  w: number;
  /** The normal, towards the camera's side, of length 1. */
  nx: number;
  ny: number;
  nz: number;
  /** Light of the surroundings on a matt white surface. */
  red: number;
  green: number;
  blue: number;
  /** Share of the main light that arrives. */
  key: number;
}

export function spot(): Spot {
  return { a: 0, b: 0, c: 0, u: 0, v: 0, w: 0, nx: 0, ny: 0, nz: 1, red: 0, green: 0, blue: 0, key: 0 };
}

/** Writes linear red, green and blue at `index` of `out`. */
export type Shader = (spot: Spot, out: Float32Array, index: number) => void;

/** One of the values of a vertex list with `stride` values each, between the spot's vertices. */
export function between(spot: Spot, list: Float32Array, stride: number, k: number): number {
  return (
    (list[spot.a * stride + k] ?? 0) * spot.u +
    (list[spot.b * stride + k] ?? 0) * spot.v +
    (list[spot.c * stride + k] ?? 0) * spot.w
  );
}

/** Fills the spot for a triangle (times 3) of a part and the weights of its second and third vertex. */
export function gather(
  spot: Spot,
  posed: PosedPart,
  light: PartLight,
  triangle: number,
  v: number,
  w: number,
): void {
  const { triangles } = posed.part.mesh;
  const { normals } = posed;
  const { ambient, key } = light;
  const a = triangles[triangle] ?? 0;
  const b = triangles[triangle + 1] ?? 0;
  const c = triangles[triangle + 2] ?? 0;
  const u = 1 - v - w;
  spot.a = a;
  spot.b = b;
  spot.c = c;
  spot.u = u;
  spot.v = v;
  spot.w = w;
  // written out: this runs for every pixel
  const i = a * 3;
  const j = b * 3;
  const k = c * 3;
  const nx = (normals[i] ?? 0) * u + (normals[j] ?? 0) * v + (normals[k] ?? 0) * w;
  const ny = (normals[i + 1] ?? 0) * u + (normals[j + 1] ?? 0) * v + (normals[k + 1] ?? 0) * w;
  const nz = (normals[i + 2] ?? 0) * u + (normals[j + 2] ?? 0) * v + (normals[k + 2] ?? 0) * w;
  const inverse = 1 / (Math.sqrt(nx * nx + ny * ny + nz * nz) || 1);
  spot.nx = nx * inverse;
  spot.ny = ny * inverse;
  spot.nz = nz * inverse;
  spot.red = (ambient[i] ?? 0) * u + (ambient[j] ?? 0) * v + (ambient[k] ?? 0) * w;
  spot.green = (ambient[i + 1] ?? 0) * u + (ambient[j + 1] ?? 0) * v + (ambient[k + 1] ?? 0) * w;
  spot.blue = (ambient[i + 2] ?? 0) * u + (ambient[j + 2] ?? 0) * v + (ambient[k + 2] ?? 0) * w;
  spot.key = (key[a] ?? 0) * u + (key[b] ?? 0) * v + (key[c] ?? 0) * w;
}
