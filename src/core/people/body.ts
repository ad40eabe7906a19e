import { closeSeam, gridTriangles, type Mesh, meshOf } from './mesh.ts';
import { curve } from './numbers.ts';
import type { Person } from './person.ts';
import type { Proportions } from './proportions.ts';

const half = curve([
  [-420, 196],
  [-320, 212],
  [-262, 206],
  [-236, 193],
  [-218, 170],
  [-204, 140],
  [-193, 112],
  [-183, 90],
  [-173, 72],
  [-160, 56],
  [-150, 48],
  [-138, 42],
]);
const front = curve([
  [-420, 112],
  [-320, 108],
  [-260, 88],
  [-230, 70],
  [-210, 56],
  [-195, 46],
  [-180, 36],
  [-160, 22],
  [-138, 14],
]);
const back = curve([
  [-420, -112],
  [-300, -116],
  [-240, -112],
  [-205, -104],
  [-185, -95],
  [-165, -82],
  [-150, -73],
  [-138, -68],
]);

/** Neck's foot, shoulders and chest. */
export interface Body extends Mesh {
  /** Angle around (0 at the front) and y before the person's proportions. [count, 2] */
  readonly face: Float32Array;
}

export function body(person: Person, place: Proportions, detail: number): Body {
  const columns = 2 * Math.round(20 * detail) + 1;
  const rows = Math.round(25 * detail);
  const wide = 1 + 0.05 * person.shape.shoulders;
  const positions = new Float32Array(columns * rows * 3);
  const face = new Float32Array(columns * rows * 2);
  const [, neckY] = place(0, -170, 0);
  for (let r = 0; r < rows; r++) {
    const t = r / (rows - 1);
    const y = -138 - 120 * t - 900 * t ** 6;
    for (let c = 0; c < columns; c++) {
      const angle = ((c / (columns - 1)) * 2 - 1) * Math.PI;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      // shoulders lie a little behind the chest; square-ish sections
      const x = half(y) * Math.sign(sin) * Math.abs(sin) ** 0.85 * (y < -180 ? wide : 1);
      const z = cos > 0 ? -20 + (front(y) + 20) * cos ** 0.8 : -20 + (back(y) + 20) * -cos;
      const [px] = place(x, Math.max(y, -215), z);
      const i = r * columns + c;
      positions.set([px, y + neckY + 170, z], i * 3);
      face.set([angle, y], i * 2);
    }
  }
  const mesh = meshOf(positions, gridTriangles(columns, rows));
  closeSeam(mesh.normals, columns, rows);
  return { ...mesh, face };
}
