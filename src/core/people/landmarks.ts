import type { Box, Points5 } from '../faces/types.ts';
import { brow } from './brows.ts';
import { type Canon, mouthHalf, mouthLine } from './canon.ts';
import { lips } from './features.ts';
import { eyeX } from './lids.ts';
import type { Moment } from './moment.ts';
import { mix } from './numbers.ts';
import type { Person } from './person.ts';
import type { Vec3 } from './vectors.ts';
import { project, type View } from './view.ts';

/** Four vertices of the head's grid, and how much of each makes the place. */
type Anchor = readonly (readonly [vertex: number, weight: number])[];

/** The column, with its fraction, at which a row of the grid has `x` at the front of the head. */
function columnAt(canon: Canon, row: number, x: number): number {
  const { columns, points } = canon;
  const middle = (columns - 1) / 2;
  let low = Math.ceil(middle * 0.45);
  let high = columns - 1 - low;
  while (high - low > 1) {
    const half = (low + high) >> 1;
    if ((points[(row * columns + half) * 3] ?? 0) <= x) low = half;
    else high = half;
  }
  const a = points[(row * columns + low) * 3] ?? 0;
  const b = points[(row * columns + high) * 3] ?? 0;
  return low + (b > a ? Math.min(1, Math.max(0, (x - a) / (b - a))) : 0);
}

function along(canon: Canon, row: number, column: number, k: number): number {
  const c = Math.min(canon.columns - 2, Math.floor(column));
  const i = (row * canon.columns + c) * 3 + k;
  return mix(canon.points[i] ?? 0, canon.points[i + 3] ?? 0, column - c);
}

function onRow(canon: Canon, row: number, column: number, weight: number): Anchor {
  const c = Math.min(canon.columns - 2, Math.floor(column));
  const f = column - c;
  const i = row * canon.columns + c;
  return [
    [i, (1 - f) * weight],
    [i + 1, f * weight],
  ];
}

/** The place of the grid at (x, y) of the average face, searched between two rows. */
function anchorAt(canon: Canon, x: number, y: number, from: number, to: number): Anchor {
  for (let row = from; row < to; row++) {
    const upper = columnAt(canon, row, x);
    const lower = columnAt(canon, row + 1, x);
    const y0 = along(canon, row, upper, 1);
    const y1 = along(canon, row + 1, lower, 1);
    if (y > y0 || y < y1) continue;
    const t = y0 > y1 ? (y0 - y) / (y0 - y1) : 0;
    return [...onRow(canon, row, upper, 1 - t), ...onRow(canon, row + 1, lower, t)];
  }
  return onRow(canon, to, columnAt(canon, to, x), 1);
}

/** Half of the jaw's outline: degrees from the front, and y of the row at the front. */
const jaw: readonly (readonly [number, number])[] = [
  [84, -6],
  [83, -30],
  [81, -54],
  [78, -78],
  [72, -98],
  [60, -107],
  [44, -109.5],
  [23, -110],
  [0, -110],
];

function jawAnchor(canon: Canon, degrees: number, y: number): Anchor {
  const { columns, rows, points } = canon;
  const middle = (columns - 1) / 2;
  const rowY = (row: number): number => points[(row * columns + middle) * 3 + 1] ?? 0;
  let row = 0;
  while (row < rows - 2 && rowY(row + 1) > y) row++;
  const t = Math.min(1, Math.max(0, (rowY(row) - y) / Math.max(1e-6, rowY(row) - rowY(row + 1))));
  // columns lie at angles whose sine is x over the row's half width
  const sine = Math.sin((degrees * Math.PI) / 180);
  const at = (r: number): number => {
    let half = 0;
    for (let c = middle; c < columns; c++) half = Math.max(half, points[(r * columns + c) * 3] ?? 0);
    return columnAt(canon, r, half * sine);
  };
  return [...onRow(canon, row, at(row), 1 - t), ...onRow(canon, row + 1, at(row + 1), t)];
}

/** Anchors of the 68 places at a moment, in the order of iBUG 300-W. */
function anchors68(at: Moment): readonly Anchor[] {
  const { person, skull } = at.figure;
  const { canon } = skull;
  const { slit } = canon;
  const face = (x: number, y: number): Anchor => anchorAt(canon, x, y, 3, slit);
  const outline = [-1, 1].flatMap((side) => {
    const half = side < 0 ? jaw : jaw.slice(0, -1).reverse();
    return half.map(([degrees, y]) => jawAnchor(canon, side * degrees, y));
  });
  return [
    ...outline,
    ...browAnchors(person, face),
    ...noseAnchors(person, face),
    ...eyeAnchors(at, face),
    ...mouthAnchors(person, canon),
  ];
}

type Place = (x: number, y: number) => Anchor;

function browAnchors(person: Person, face: Place): Anchor[] {
  const line = brow(person);
  const at = (side: number, s: number): Anchor => {
    const ax = mix(line.inner, line.outer, s);
    return face(side * ax, line.y(ax) + 0.35 * line.half(ax));
  };
  return [
    ...[1, 0.78, 0.52, 0.27, 0.02].map((s) => at(-1, s)),
    ...[0.02, 0.27, 0.52, 0.78, 1].map((s) => at(1, s)),
  ];
}

function noseAnchors(person: Person, face: Place): Anchor[] {
  // where the middle line of the nose at rest stands out furthest: fitted to 60 people, within half a millimetre
  const tip = -38.3 + 1.4 * person.shape.noseTipTurn;
  const wing = 12.6 * (1.07 + 0.095 * person.shape.noseWidth);
  return [
    ...[3, mix(3, tip, 1 / 3), mix(3, tip, 2 / 3), tip].map((y) => face(0, y)),
    face(-wing, -46.5),
    face(-wing / 2, -49),
    face(0, -50.5),
    face(wing / 2, -49),
    face(wing, -46.5),
  ];
}

function eyeAnchors(at: Moment, face: Place): Anchor[] {
  const { half, upper, lower } = at.lids;
  const third = half * 0.36;
  const corner = (side: number, outward: number): Anchor =>
    face(side * (eyeX + outward), (upper(outward) + lower(outward)) / 2);
  const top = (side: number, outward: number): Anchor => face(side * (eyeX + outward), upper(outward));
  const low = (side: number, outward: number): Anchor => face(side * (eyeX + outward), lower(outward));
  return [
    corner(-1, half),
    top(-1, third),
    top(-1, -third),
    corner(-1, -half),
    low(-1, -third),
    low(-1, third),
    corner(1, -half),
    top(1, -third),
    top(1, third),
    corner(1, half),
    low(1, third),
    low(1, -third),
  ];
}

function mouthAnchors(person: Person, canon: Canon): Anchor[] {
  const { upper, lower } = lips(person.shape);
  const { slit, rows } = canon;
  const above = (x: number): Anchor => anchorAt(canon, x, mouthLine + upper(x), 3, slit);
  const below = (x: number): Anchor => anchorAt(canon, x, mouthLine - lower(x), slit + 1, rows - 2);
  const edge = (row: number, x: number): Anchor => onRow(canon, row, columnAt(canon, row, x), 1);
  const corner = mouthHalf - 2.2;
  return [
    edge(slit, -corner),
    ...[-15, -6.5, 0, 6.5, 15].map(above),
    edge(slit, corner),
    ...[15, 7, 0, -7, -15].map(below),
    edge(slit, -corner + 3.5),
    ...[-8, 0, 8].map((x) => edge(slit, x)),
    edge(slit, corner - 3.5),
    ...[8, 0, -8].map((x) => edge(slit + 1, x)),
  ];
}

/** Where the places of a face are at a moment, in camera coordinates. */
export function landmarks68(at: Moment): readonly Vec3[] {
  const skin = at.parts[0]?.positions ?? new Float32Array(0);
  return anchors68(at).map((anchor) => {
    const out: [number, number, number] = [0, 0, 0];
    for (const [vertex, weight] of anchor)
      for (let k = 0; k < 3; k++) out[k] = (out[k] ?? 0) + weight * (skin[vertex * 3 + k] ?? 0);
    return out;
  });
}

function mean(points: readonly Vec3[]): Vec3 {
  const sum = (k: 0 | 1 | 2): number =>
    points.reduce((total, p) => total + p[k], 0) / Math.max(1, points.length);
  return [sum(0), sum(1), sum(2)];
}

/** The five points of 68 places: the middles of the eyes' openings, the nose's tip, the mouth's corners. */
export function five(places: readonly Vec3[], view: View): Points5 {
  const at = (i: number): Vec3 => places[i] ?? [0, 0, 0];
  const points = [mean(places.slice(36, 42)), mean(places.slice(42, 48)), at(30), at(48), at(54)];
  return points.flatMap((point) => project(view, point));
}

/**
 * The box of a face: from the middle of the forehead to the chin, and from cheek to cheek as they are seen. `screen` is
 * the head's surface in pixels, as `toScreen` gives it.
 */
export function faceBox(at: Moment, screen: Float32Array): Box {
  const { skull } = at.figure;
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let v = 0; v < skull.count; v++) {
    if ((skull.canon.front[v] ?? 0) < 0.25) continue;
    const y = skull.face[v * 2 + 1] ?? 0;
    if (y > 54 || y < -111) continue;
    const i = v * 3;
    const px = screen[i] ?? 0;
    const py = screen[i + 1] ?? 0;
    x0 = Math.min(x0, px);
    x1 = Math.max(x1, px);
    y0 = Math.min(y0, py);
    y1 = Math.max(y1, py);
  }
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}
