import { mouthLine } from './canon.ts';
import { gridTriangles, type Mesh, meshOf } from './mesh.ts';
import type { Proportions } from './proportions.ts';

const columns = 17;
const rows = 13;

/** The bow behind the lips on which teeth and the mouth's inside are painted. */
export interface Teeth extends Mesh {
  /** Millimetres from the middle along the bow, and above the lips' line. [count, 2] */
  readonly face: Float32Array;
}

export function teeth(place: Proportions): Teeth {
  const positions = new Float32Array(columns * rows * 3);
  const face = new Float32Array(columns * rows * 2);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const x = ((c / (columns - 1)) * 2 - 1) * 32;
      const y = 12 - (r / (rows - 1)) * 40;
      // a dental arch: 9 mm behind the lips in the middle, further at the sides
      const z = 80.5 - 0.021 * x * x - (y < -4 ? (-4 - y) * 0.15 : 0);
      const i = r * columns + c;
      positions.set(place(x * 0.93, mouthLine + y, z), i * 3);
      face.set([x, y], i * 2);
    }
  return { ...meshOf(positions, gridTriangles(columns, rows)), face };
}
