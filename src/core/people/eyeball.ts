import { eyeballRadius } from './lids.ts';
import { gridTriangles, type Mesh } from './mesh.ts';
import type { Vec3 } from './vectors.ts';

const steps = 10;

/** The front halves of both eyeballs, the one on the picture's left first. */
export function eyeballs(centres: readonly [Vec3, Vec3]): Mesh {
  const side = steps + 1;
  const per = side * side;
  const positions = new Float32Array(per * 6);
  const normals = new Float32Array(per * 6);
  centres.forEach((centre, eye) => {
    for (let r = 0; r < side; r++)
      for (let c = 0; c < side; c++) {
        const a = ((c / steps) * 2 - 1) * 1.35;
        const b = (1 - (r / steps) * 2) * 1.35;
        const normal: Vec3 = [Math.sin(a) * Math.cos(b), Math.sin(b), Math.cos(a) * Math.cos(b)];
        const i = (eye * per + r * side + c) * 3;
        normals.set(normal, i);
        positions.set(
          normal.map((n, k) => n * eyeballRadius + (centre[k] ?? 0)),
          i,
        );
      }
  });
  const one = gridTriangles(side, side);
  const triangles = new Uint32Array(one.length * 2);
  triangles.set(one);
  triangles.set(
    one.map((index) => index + per),
    one.length,
  );
  return { count: per * 2, positions, normals, triangles };
}
