import { gridTriangles, type Mesh, meshOf } from './mesh.ts';
import { bump, curve, mix, smoothstep } from './numbers.ts';
import type { Person } from './person.ts';
import type { Proportions } from './proportions.ts';

const around = 28;
const outline = [0, 0.16, 0.3, 0.42, 0.54, 0.66, 0.78, 0.88, 0.95, 1, 1.03, 0.98];

/** Height above the ear's plane along a radius: bowl, inner ridge, trough, rolled rim, back. */
const profile = curve([
  [0, -7],
  [0.3, -5.5],
  [0.42, 0],
  [0.55, 3.4],
  [0.68, 2.2],
  [0.78, 1.2],
  [0.9, 4.6],
  [0.97, 4.8],
  [1.02, 2.5],
  [1.1, -7],
]);

/** Both ears, as one mesh; the second half of the vertices is the ear on the picture's right. */
export interface Ears extends Mesh {
  readonly face: Float32Array;
}

/** Ears of about 60 mm × 34 mm beside the head, flared by the person's angle. */
export function ears(person: Person, place: Proportions): Ears {
  const { shape } = person;
  const size = 1 + 0.06 * shape.earSize + Math.max(0, person.age - 50) * 0.003;
  const flare = ((24 + 6.5 * shape.earFlare) * Math.PI) / 180;
  const lean = 0.2;
  const rings = outline.length;
  const perEar = rings * (around + 1);
  const positions = new Float32Array(perEar * 2 * 3);
  const face = new Float32Array(perEar * 2 * 2);
  for (const side of [-1, 1]) {
    const [cx, cy, cz] = place(side * 66.5, -13, -3);
    for (let r = 0; r < rings; r++)
      for (let a = 0; a <= around; a++) {
        // 0 is up, then to the back, down, front
        const phi = (2 * Math.PI * a) / around;
        const rho = outline[r] ?? 0;
        const up = Math.cos(phi);
        const back = Math.sin(phi);
        const lobe = smoothstep(0.2, -1, up);
        const tall = up > 0 ? 30 : 31;
        const wide = mix(19.5, 12.5, lobe) * (back < 0 ? 0.72 : 1);
        const s = rho > 1 || r === rings - 1 ? (r === rings - 1 ? 0.9 : 1.01) : rho;
        const v = up * tall * s * size;
        const w = back * wide * s * size + 5 * size;
        const ahead = smoothstep(-0.15, -0.85, back);
        const height = r === rings - 1 ? -9 : profile(rho);
        // towards the face the rim dies away into the cheek; the lobe is plain
        let h = mix(height, Math.min(height, -1 + 2.5 * bump(rho - 0.55, 0.25)), ahead);
        h = mix(h, 1.5 + 1.5 * (1 - rho), lobe * smoothstep(-0.45, -0.8, up) * 0.8);
        h *= size;
        const out = Math.sin(flare) * w + Math.cos(flare) * h + 3.5;
        const behind = Math.cos(flare) * w - Math.sin(flare) * h;
        const index = (side < 0 ? 0 : perEar) + r * (around + 1) + a;
        positions[index * 3] = cx + side * out;
        positions[index * 3 + 1] = cy + v - lean * 0.2 * w;
        positions[index * 3 + 2] = cz - behind + lean * v * -0.5;
        face[index * 2] = side * 200;
        face[index * 2 + 1] = 0;
      }
  }
  const one = gridTriangles(around + 1, rings);
  const triangles = new Uint32Array(one.length * 2);
  for (let t = 0; t < one.length; t += 3) {
    const [p = 0, q = 0, s = 0] = [one[t], one[t + 1], one[t + 2]];
    // seen from outside, the right ear's angle runs the other way round
    triangles.set([p, q, s], t);
    triangles.set([perEar + p, perEar + s, perEar + q], one.length + t);
  }
  return { ...meshOf(positions, triangles), face };
}
