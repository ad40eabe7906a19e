import { type Canon, mouthHalf } from './canon.ts';
import { type ExpressionMode, expressionModes, expressionShift } from './expression.ts';
import { relief } from './features.ts';
import { creaseHeight, eyeballRadius, eyeX, eyeY, lids, pupilOutwards } from './lids.ts';
import { closeSeam, computeNormals, gridTriangles, type Mesh } from './mesh.ts';
import { bump, bump2, smoothMax, smoothstep } from './numbers.ts';
import type { Person } from './person.ts';
import { type Proportions, proportions } from './proportions.ts';
import type { Vec3 } from './vectors.ts';

/** A person's head without hair, at rest, with the ways in which its face can move. */
export interface Skull extends Mesh {
  readonly canon: Canon;
  readonly place: Proportions;
  /** Where each vertex is on the average head: what lids and paint are named by. [count, 2] */
  readonly face: Float32Array;
  /** Place in the skin's texture, 0 … 1. [count, 2] */
  readonly uv: Float32Array;
  /** From this index on the triangles are those around the eyes. */
  readonly lidsFrom: number;
  /** Millimetres that each mode in full adds to the positions. [count, 3] each */
  readonly moves: Readonly<Record<ExpressionMode, Float32Array>>;
  /** Middle of the eyeball on the picture's left and on its right. */
  readonly eyeballs: readonly [Vec3, Vec3];
}

function eyeballs(person: Person, place: Proportions): readonly [Vec3, Vec3] {
  const z = 58.6 - 0.9 * person.shape.eyeDepth;
  const x = eyeX + pupilOutwards;
  return [place(-x, eyeY, z), place(x, eyeY, z)];
}

/** The surface that lies over the eyeballs: lids of 1.4 mm, with the crease above them. */
function drape(person: Person, balls: readonly [Vec3, Vec3]): (p: Vec3, x: number, y: number) => Vec3 {
  const rest = lids(person.shape, 1, 0);
  const crease = creaseHeight(person.shape);
  const radius = eyeballRadius + 1.3;
  return (p, x, y) => {
    const ball = x < 0 ? balls[0] : balls[1];
    const dx = p[0] - ball[0];
    const dy = p[1] - ball[1];
    const square = radius * radius - dx * dx - dy * dy;
    let z = p[2];
    if (square > -60) z = smoothMax(z, square > 0 ? ball[2] + Math.sqrt(square) : ball[2] - 4, 2.4);
    const outward = Math.abs(x) - eyeX;
    if (crease > 0) {
      const above = y - rest.upper(outward) - crease;
      const across = bump(outward - 1, 15);
      z += across * (0.9 * bump(above - 3, 2.6) - 1.5 * bump(above, 1.1));
    } else z += 0.9 * bump2(outward + 2, y - rest.upper(outward) - 3.5, 12, 3.4);
    // the inner corner leads down towards the nose
    z -= 0.8 * bump2(outward + rest.half, y - rest.lower(outward), 3, 2.6);
    return [p[0], p[1], z];
  };
}

/** The triangles, those around the eyes after the others. */
function lidsLast(
  all: Uint32Array,
  face: Float32Array,
  front: Float32Array,
): { readonly triangles: Uint32Array; readonly lidsFrom: number } {
  const others: number[] = [];
  const around: number[] = [];
  for (let t = 0; t < all.length; t += 3) {
    const corners = [all[t] ?? 0, all[t + 1] ?? 0, all[t + 2] ?? 0];
    const near = corners.some((v) => {
      const outward = Math.abs(face[v * 2] ?? 0) - eyeX;
      return (front[v] ?? 0) > 0.5 && Math.abs(outward) < 21 && Math.abs(face[v * 2 + 1] ?? 0) < 13;
    });
    (near ? around : others).push(...corners);
  }
  return { triangles: Uint32Array.from([...others, ...around]), lidsFrom: others.length };
}

export function skull(person: Person, canon: Canon): Skull {
  const { columns, rows, points, front, slit } = canon;
  const count = columns * rows;
  const place = proportions(person.shape);
  const balls = eyeballs(person, place);
  const over = drape(person, balls);
  const bulge = relief(person.shape, person.age);
  const positions = new Float32Array(count * 3);
  const face = new Float32Array(count * 2);
  const uv = new Float32Array(count * 2);
  const moves = Object.fromEntries(
    expressionModes.map((mode) => [mode, new Float32Array(count * 3)]),
  ) as Record<ExpressionMode, Float32Array>;
  for (let i = 0; i < count; i++) {
    const x = points[i * 3] ?? 0;
    const y = points[i * 3 + 1] ?? 0;
    const z = points[i * 3 + 2] ?? 0;
    const ahead = front[i] ?? 0;
    const row = Math.floor(i / columns);
    face[i * 2] = x;
    face[i * 2 + 1] = y;
    uv[i * 2] = (i % columns) / (columns - 1);
    uv[i * 2 + 1] = row / (rows - 1);
    const raised = ahead > 0 ? bulge(x, y) * ahead : 0;
    // cheekbones stand out sideways as well
    const aside =
      1 + (0.022 + 0.008 * person.shape.cheekboneWidth) * bump(y + 16, 16) * smoothstep(30, 58, Math.abs(x));
    let p = place(x * aside, y, z + raised);
    if (ahead > 0.5 && Math.abs(y) < 26) p = over(p, x, y);
    positions.set(p, i * 3);
    if (ahead <= 0) continue;
    for (const mode of expressionModes) {
      const [dx, dy, dz] = expressionShift(mode, x, y, row > slit);
      moves[mode].set([dx * ahead, dy * ahead, dz * ahead], i * 3);
    }
  }
  const half = mouthHalf - 0.5;
  const all = gridTriangles(columns, rows, (c, r) => {
    if (r !== slit) return false;
    const middle = ((points[(r * columns + c) * 3] ?? 0) + (points[(r * columns + c + 1) * 3] ?? 0)) / 2;
    return (front[r * columns + c] ?? 0) > 0.5 && Math.abs(middle) < half;
  });
  const { triangles, lidsFrom } = lidsLast(all, face, front);
  const normals = new Float32Array(count * 3);
  const mesh = {
    count,
    positions,
    normals,
    triangles,
    canon,
    place,
    face,
    uv,
    lidsFrom,
    moves,
    eyeballs: balls,
  };
  skullNormals(canon, positions, triangles, normals);
  return mesh;
}

/** Normals of the head's grid at any moment: smooth across the seam at the back. */
export function skullNormals(
  canon: Canon,
  positions: Float32Array,
  triangles: Uint32Array,
  normals: Float32Array,
): void {
  computeNormals(positions, triangles, normals);
  closeSeam(normals, canon.columns, canon.rows);
}
