import type { Glasses } from './grooming.ts';
import { eyeX } from './lids.ts';
import { type Mesh, meshOf } from './mesh.ts';
import { mix } from './numbers.ts';
import type { Person } from './person.ts';
import type { Skull } from './skull.ts';
import { sweep } from './tube.ts';
import type { Vec3 } from './vectors.ts';

const around = 36;

/** Rims, bridge and temples of glasses as one mesh, and the lenses as outlines. */
export interface Frame extends Mesh {
  readonly glasses: Glasses;
  /** First triangle (times 3) of the lenses, which are drawn over what is behind them. */
  readonly lenses: number;
}

/** The frontmost z of the face near (x, y): glasses stand a little before it. */
function frontOf(head: Skull, x: number, y: number, reach: number): number {
  let z = 0;
  const p = head.positions;
  for (let i = 0; i < p.length; i += 3)
    if (Math.abs((p[i] ?? 0) - x) < reach && Math.abs((p[i + 1] ?? 0) - y) < reach)
      z = Math.max(z, p[i + 2] ?? 0);
  return z;
}

export function frame(person: Person, glasses: Glasses, head: Skull): Frame {
  const { round, width, rim } = glasses;
  const height = mix(glasses.height, width * 0.9, round * 0.6);
  const power = mix(3.6, 2, round); // a rounded rectangle … an ellipse
  const positions: number[] = [];
  const triangles: number[] = [];
  const y0 = -4;
  const bridge = frontOf(head, 0, 1, 5) + 2;
  const centre = eyeX + 1.2 + 1.2 * person.shape.eyeDistance;
  const z0 = Math.max(bridge, frontOf(head, centre, y0, 9) + 7);
  const rings: Vec3[][] = [];
  for (const side of [-1, 1]) {
    const ring = Array.from({ length: around + 1 }, (_, i): Vec3 => {
      const a = (2 * Math.PI * i) / around;
      const c = Math.cos(a);
      const s = Math.sin(a);
      const x = centre + width * Math.sign(c) * Math.abs(c) ** (2 / power);
      const y = y0 + height * Math.sign(s) * Math.abs(s) ** (2 / power) - (s < 0 ? 1.5 : 0);
      // the rims follow the face round a little
      return [side * x, y, z0 - 0.0032 * x * x + 3];
    });
    rings.push(ring);
    sweep(ring, rim, positions, triangles);
    const hinge: Vec3 = [
      side * (centre + width - 0.5),
      y0 + height * 0.55,
      z0 - 0.0032 * (centre + width) ** 2 + 3,
    ];
    const [ex, ey, ez] = head.place(side * 73, 9, -6);
    sweep(
      [
        hinge,
        [mix(hinge[0], ex, 0.35) + side * 2, mix(hinge[1], ey, 0.2), mix(hinge[2], ez, 0.25)],
        [ex + side * 2, ey, ez],
      ],
      rim * 0.9,
      positions,
      triangles,
    );
  }
  const inner = centre - width + 1;
  sweep(
    [-1, -0.5, 0, 0.5, 1].map(
      (t): Vec3 => [
        t * inner,
        y0 + height * 0.45 + 1.5 * (1 - t * t),
        z0 + 3 - 0.0032 * inner * inner * t * t,
      ],
    ),
    rim,
    positions,
    triangles,
  );
  const lenses = triangles.length;
  for (const ring of rings) {
    const first = positions.length / 3;
    const middle: Vec3 = [
      (ring[0]?.[0] ?? 0) - Math.sign(ring[0]?.[0] ?? 1) * width,
      y0,
      z0 - 0.0032 * centre * centre + 3,
    ];
    positions.push(...middle);
    for (const p of ring) positions.push(...p);
    for (let i = 0; i < around; i++) triangles.push(first, first + 1 + i, first + 2 + i);
  }
  return { ...meshOf(Float32Array.from(positions), Uint32Array.from(triangles)), glasses, lenses };
}
