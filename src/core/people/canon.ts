import { curve, smoothstep } from './numbers.ts';

/**
 * The average head before anybody's features: a grid around it, in millimetres. x is towards the picture's right, y up
 * from the line of the eyes, z to the front from the ears. Everything painted or sculpted names places by these
 * coordinates, so that features stay in their places whatever the person's proportions are.
 */
export interface Canon {
  /** Vertices per row; the first and the last of a row are the same place at the back of the head. */
  readonly columns: number;
  readonly rows: number;
  /** [rows × columns, 3] */
  readonly points: Float32Array;
  /** 1 on the face … 0 behind the ears. [rows × columns] */
  readonly front: Float32Array;
  /** The row of the upper lip's edge; the next one is the lower lip's edge, in the same place. */
  readonly slit: number;
}

/** Where the lips meet, and how far from the middle their corners are. */
export const mouthLine = -67;
export const mouthHalf = 25;

/** y at the front of the face and rows per stretch, from the brow down; the cap above has rows of its own. */
const stretches: readonly (readonly [from: number, to: number, rows: number])[] = [
  [42, 22, 7],
  [22, -20, 21],
  [-20, -34, 7],
  [-34, -51, 12],
  [-51, mouthLine, 11],
  [mouthLine, -84, 11],
  [-84, -110, 12],
  [-110, -121, 5],
  [-121, -215, 8],
];
const capRows = 13;

// Sections of the head, by the y that the row has at the front: measures of an average adult.
const sideY = curve([
  [-215, -212],
  [-165, -150],
  [-132, -112],
  [-119, -92],
  [-114, -80],
  [-110, -73],
  [-100, -64],
  [-84, -53],
  [-67, -40],
  [-48, -26],
  [-25, -11],
  [0, 6],
  [20, 23],
  [42, 42],
  [118, 118],
]);
const halfWidth = curve([
  [-215, 58],
  [-165, 50],
  [-132, 46.5],
  [-121, 46.5],
  [-115, 49.5],
  [-110, 54],
  [-100, 58.5],
  [-84, 63],
  [-67, 66.5],
  [-48, 70],
  [-25, 72],
  [0, 73],
  [20, 74.5],
  [42, 75.5],
]);
const frontZ = curve([
  [-215, 26],
  [-165, 28],
  [-132, 31],
  [-121, 38],
  [-116, 54],
  [-112, 69],
  [-108, 79],
  [-100, 84],
  [-84, 85.5],
  [-67, 88],
  [-48, 87],
  [-25, 82],
  [0, 79.5],
  [20, 85],
  [42, 84],
]);
const middleZ = curve([
  [-215, -16],
  [-165, -16],
  [-132, -14],
  [-119, -10],
  [-110, -3],
  [-84, 2],
  [-48, 5],
  [0, 3],
  [20, 0],
  [42, -10],
]);
const backZ = curve([
  [-215, -82],
  [-165, -74],
  [-132, -68],
  [-110, -66],
  [-84, -69],
  [-67, -73],
  [-48, -80],
  [-25, -89],
  [0, -96],
  [20, -101],
  [42, -103],
]);

interface Row {
  readonly y: number;
  readonly side: number;
  readonly half: number;
  readonly front: number;
  readonly middle: number;
  readonly back: number;
}

function rowAt(y: number): Row {
  return { y, side: sideY(y), half: halfWidth(y), front: frontZ(y), middle: middleZ(y), back: backZ(y) };
}

/** A row of the skull's dome, by its angle above the row at y = 42. */
function capRow(angle: number): Row {
  const base = rowAt(42);
  const y = 42 + 76 * Math.sin(angle);
  const reach = Math.cos(angle);
  return {
    y,
    side: y,
    half: base.half * reach,
    front: base.middle + (base.front - base.middle) * reach,
    middle: base.middle,
    back: base.middle + (base.back - base.middle) * reach,
  };
}

/** How far down a meridian a row is: 0 at the crown, 1 at y = 42, then 1 more for each 76 mm at the front. */
export function downTo(y: number): number {
  return y > 42 ? 1 - Math.asin(Math.min(1, (y - 42) / 76)) / (Math.PI / 2) : 1 + (42 - y) / 76;
}

/** The place on the average head at an angle around it and `down` along the meridian. */
export function canonAt(angle: number, down: number): readonly [number, number, number] {
  return place(down < 1 ? capRow((Math.PI / 2) * (1 - down)) : rowAt(42 - (down - 1) * 76), angle);
}

function place(row: Row, angle: number): readonly [number, number, number] {
  const cos = Math.cos(angle);
  const depth = cos > 0 ? row.front - row.middle : row.middle - row.back;
  return [
    row.half * Math.sin(angle),
    row.side + (row.y - row.side) * Math.max(0, cos),
    row.middle + depth * cos,
  ];
}

function listRows(detail: number): { rows: Row[]; slit: number } {
  const rows: Row[] = [];
  const cap = Math.round(capRows * detail);
  for (let i = 0; i < cap; i++) rows.push(capRow((Math.PI / 2) * (1 - i / cap)));
  let slit = 0;
  for (const [from, to, count] of stretches) {
    if (from === mouthLine) {
      slit = rows.length;
      rows.push(rowAt(mouthLine)); // the upper lip's edge; the loop adds the lower lip's
    }
    const n = Math.max(3, Math.round(count * detail));
    for (let i = 0; i < n; i++) rows.push(rowAt(from + ((to - from) * i) / n));
  }
  rows.push(rowAt(-215));
  return { rows, slit };
}

/** The angle around the head of a column at t in −1 … 1: denser at the front, 0 at the nose, ±π at the back. */
export function columnAngle(t: number): number {
  return Math.PI * (0.42 * t + 0.58 * t * t * t);
}

/** The average head with `detail` times the usual rows and columns. */
export function canon(detail: number): Canon {
  const { rows, slit } = listRows(detail);
  const half = Math.round(52 * detail);
  const columns = 2 * half + 1;
  const points = new Float32Array(rows.length * columns * 3);
  const front = new Float32Array(rows.length * columns);
  rows.forEach((row, r) => {
    for (let c = 0; c < columns; c++) {
      const angle = columnAngle((c - half) / half);
      const i = r * columns + c;
      points.set(place(row, angle), i * 3);
      front[i] = smoothstep(-0.05, 0.4, Math.cos(angle));
    }
  });
  return { columns, rows: rows.length, points, front, slit };
}
