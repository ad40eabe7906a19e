import { columnAngle } from './canon.ts';
import { type Mask, type MaskCut, maskCuts } from './mask-kinds.ts';
import { gridTriangles, type Mesh, meshOf } from './mesh.ts';
import { clamp, mix } from './numbers.ts';
import type { Skull } from './skull.ts';
import { sweep } from './tube.ts';
import type { Vec3 } from './vectors.ts';

/** A mask as it is worn at a moment: a sheet over nose and chin, and two straps around each ear. */
export interface MaskMesh extends Mesh {
  readonly mask: Mask;
  /** Across (−1 … 1) and down (0 … 1) the sheet; beyond those on the straps. [count, 2] */
  readonly sheet: Float32Array;
  /** The sheet's vertices come first, row by row. */
  readonly columns: number;
  readonly rows: number;
}

/** Millimetres between the skin and cloth that lies on it. */
const gap = 2.4;

/** Where the head's surface is at an angle (radians from the front) and y of a row at the front. */
type Surface = (angle: number, rowY: number) => Vec3;

function surfaceOf(skull: Skull, positions: Float32Array): Surface {
  const { columns, rows, points } = skull.canon;
  const half = (columns - 1) / 2;
  const rowY = (row: number): number => points[(row * columns + half) * 3 + 1] ?? 0;
  // columns lie at columnAngle(t): an odd function that grows, inverted by halving
  const columnOf = (angle: number): number => {
    let [low, high] = [-1, 1];
    for (let i = 0; i < 24; i++) {
      const t = (low + high) / 2;
      if (columnAngle(t) < angle) low = t;
      else high = t;
    }
    return half + half * low;
  };
  return (angle, y) => {
    let row = 0;
    while (row < rows - 2 && rowY(row + 1) > y) row++;
    const span = rowY(row) - rowY(row + 1);
    const t = span > 1e-6 ? clamp((rowY(row) - y) / span) : 0;
    const column = columnOf(angle);
    const c = Math.min(columns - 2, Math.floor(column));
    const f = column - c;
    const at = (k: number): number => {
      const i = (row * columns + c) * 3 + k;
      const j = i + columns * 3;
      return mix(
        mix(positions[i] ?? 0, positions[i + 3] ?? 0, f),
        mix(positions[j] ?? 0, positions[j + 3] ?? 0, f),
        t,
      );
    };
    return [at(0), at(1), at(2)];
  };
}

/**
 * How far from the head's axis the sheet is: at least as far as the face, and taut in between, which is the lowest
 * membrane over an obstacle, found by relaxation. Its edges are taut along themselves. [rows, columns]
 */
function taut(obstacle: Float32Array, columns: number, rows: number): Float32Array {
  const reach = obstacle.slice();
  for (let pass = 0; pass < 60; pass++)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const i = r * columns + c;
        const edgeRow = r === 0 || r === rows - 1;
        const edgeColumn = c === 0 || c === columns - 1;
        if (edgeRow && edgeColumn) continue;
        const along = ((reach[i - 1] ?? 0) + (reach[i + 1] ?? 0)) / 2;
        const down = ((reach[i - columns] ?? 0) + (reach[i + columns] ?? 0)) / 2;
        // the edges give way where the nose meets the cheek
        const wish = edgeRow ? mix(reach[i] ?? 0, along, 0.25) : edgeColumn ? down : (along + down) / 2;
        reach[i] = Math.max(obstacle[i] ?? 0, wish);
      }
  return reach;
}

/** A place relative to the head's axis: outwards at an angle, and across that. */
function turned([x, , z]: Vec3, angle: number): readonly [out: number, across: number] {
  const [s, c] = [Math.sin(angle), Math.cos(angle)];
  return [x * s + z * c, x * c - z * s];
}

/** The mask on a face whose vertices are at `positions` (of the skull, with its expression). */
export function wornMask(skull: Skull, positions: Float32Array, mask: Mask): MaskMesh {
  const cut: MaskCut = maskCuts[mask.kind];
  const surface = surfaceOf(skull, positions);
  const columns = 2 * Math.round(0.21 * skull.canon.columns) + 1;
  const rows = Math.round(0.34 * skull.canon.columns);
  const count = columns * rows;
  const obstacle = new Float32Array(count);
  const across = new Float32Array(count);
  const height = new Float32Array(count);
  const angles = new Float32Array(columns);
  const stepAngle = (2 * cut.half * Math.PI) / 180 / (columns - 1);
  for (let c = 0; c < columns; c++) {
    const u = (c / (columns - 1)) * 2 - 1;
    const degrees = Math.abs(u) * cut.half;
    const angle = (u * cut.half * Math.PI) / 180;
    const top = cut.top(degrees);
    const bottom = cut.bottom(degrees);
    angles[c] = angle;
    for (let r = 0; r < rows; r++) {
      const i = r * columns + c;
      const y = mix(top, bottom, r / (rows - 1));
      const stepY = (bottom - top) / (rows - 1);
      const place = surface(angle, y);
      const [out, side] = turned(place, angle);
      // nothing between this vertex and the next ones may stand out of the sheet
      let most = out;
      for (const [da, dy] of [
        [0.5, 0],
        [-0.5, 0],
        [0, 0.5],
        [0, -0.5],
      ] as const)
        most = Math.max(most, turned(surface(angle + da * stepAngle, y + dy * stepY), angle)[0]);
      obstacle[i] = most + gap;
      across[i] = side;
      height[i] = place[1];
    }
  }
  const reach = taut(obstacle, columns, rows);
  const vertices: number[] = [];
  const sheet: number[] = [];
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const i = r * columns + c;
      const u = (c / (columns - 1)) * 2 - 1;
      const v = r / (rows - 1);
      const inside = Math.sin(Math.PI * v) * (1 - u * u);
      const ridge = Math.exp(-Math.abs(u) * 4.5) * Math.sin(Math.PI * v) ** 0.8;
      const out = (reach[i] ?? 0) + cut.stand * inside + cut.keel * ridge;
      const angle = angles[c] ?? 0;
      const side = across[i] ?? 0;
      const [s, k] = [Math.sin(angle), Math.cos(angle)];
      vertices.push(out * s + side * k, height[i] ?? 0, out * k - side * s);
      sheet.push(u, v);
    }
  const triangles = [...gridTriangles(columns, rows)];
  strap(skull, surface, cut, vertices, triangles);
  const mesh = meshOf(Float32Array.from(vertices), Uint32Array.from(triangles));
  while (sheet.length < mesh.count * 2) sheet.push(2, 2);
  return { ...mesh, mask, sheet: Float32Array.from(sheet), columns, rows };
}

/** Adds the loops from the sheet's corners around the ears. */
function strap(skull: Skull, surface: Surface, cut: MaskCut, vertices: number[], triangles: number[]): void {
  const half = (cut.half * Math.PI) / 180;
  for (const side of [-1, 1])
    for (const [from, ear] of [
      [cut.top(cut.half) - 2, skull.place(side * 70, 12, 4)],
      [cut.bottom(cut.half) + 2, skull.place(side * 68, -38, 2)],
    ] as const) {
      const lift = ([x, y, z]: Vec3): Vec3 => [x + side * 2, y, z + 1.5];
      const path: Vec3[] = [];
      const start = surface(side * half * 0.98, from);
      for (let k = 0; k <= 6; k++) {
        const t = k / 6;
        const straight: Vec3 = [mix(start[0], ear[0], t), mix(start[1], ear[1], t), mix(start[2], ear[2], t)];
        // the cheek may stand out between corner and ear
        const skin = surface(side * mix(half * 0.98, 1.5, t), from);
        const x = side * Math.max(side * straight[0], t < 0.9 ? side * skin[0] : 0);
        path.push(lift([x, straight[1], straight[2]]));
      }
      sweep(path, 0.9, vertices, triangles);
    }
}

/**
 * The vertices of the sheet's outline as a camera sees it, clockwise: the upper edge, then of each row the one that is
 * furthest to the right, the lower edge, and those furthest to the left. `across` says how far to the right a vertex is.
 */
export function outlineOf({ columns, rows }: MaskMesh, across: (vertex: number) => number): number[] {
  const extreme = (row: number, sign: number): number => {
    let best = row * columns;
    for (let v = best; v < (row + 1) * columns; v++) if (sign * across(v) > sign * across(best)) best = v;
    return best;
  };
  const last = rows - 1;
  const out: number[] = [];
  for (let v = extreme(0, -1); v <= extreme(0, 1); v++) out.push(v);
  for (let r = 1; r < last; r++) out.push(extreme(r, 1));
  for (let v = extreme(last, 1); v >= extreme(last, -1); v--) out.push(v);
  for (let r = last - 1; r > 0; r--) out.push(extreme(r, -1));
  return out;
}
