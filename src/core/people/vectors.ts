/** A direction or a point. */
export type Vec3 = readonly [number, number, number];

/** Rows of a 3×3 matrix, one after the other. [9] */
export type Mat3 = readonly number[];

export function rotate(m: Mat3, v: Vec3): Vec3 {
  return [
    rotatedRow(m, 0, v[0], v[1], v[2]),
    rotatedRow(m, 3, v[0], v[1], v[2]),
    rotatedRow(m, 6, v[0], v[1], v[2]),
  ];
}

/** One coordinate of `rotate`, for what runs for every pixel: `row` is 0, 3 or 6. */
export function rotatedRow(m: Mat3, row: number, x: number, y: number, z: number): number {
  return (m[row] ?? 0) * x + (m[row + 1] ?? 0) * y + (m[row + 2] ?? 0) * z;
}

/** The matrix that does `inner` first, then `outer`. */
export function multiply(outer: Mat3, inner: Mat3): Mat3 {
  const out: number[] = [];
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += (outer[r * 3 + k] ?? 0) * (inner[k * 3 + c] ?? 0);
      out.push(sum);
    }
  return out;
}

export function transpose([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]: Mat3): Mat3 {
  return [a, d, g, b, e, h, c, f, i];
}

export function normalize([x, y, z]: Vec3): Vec3 {
  const length = Math.sqrt(x * x + y * y + z * z) || 1;
  return [x / length, y / length, z / length];
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/**
 * The rotation of a head, in degrees: first pitch (positive: looks down), then yaw (positive: turns towards the
 * picture's right), then roll in the picture (positive: clockwise). x is right, y up, z towards the camera.
 */
export function headRotation(yaw: number, pitch: number, roll: number): Mat3 {
  const rad = Math.PI / 180;
  const [cy, sy] = [Math.cos(yaw * rad), Math.sin(yaw * rad)];
  const [cp, sp] = [Math.cos(pitch * rad), Math.sin(pitch * rad)];
  const [cr, sr] = [Math.cos(roll * rad), Math.sin(roll * rad)];
  const turn: Mat3 = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  const nod: Mat3 = [1, 0, 0, 0, cp, -sp, 0, sp, cp];
  const tilt: Mat3 = [cr, sr, 0, -sr, cr, 0, 0, 0, 1];
  return multiply(tilt, multiply(turn, nod));
}
