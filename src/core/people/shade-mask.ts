import type { MaskMesh } from './mask.ts';
import type { Moment } from './moment.ts';
import { fractal, noise } from './noise.ts';
import { bump, mix, smoothstep } from './numbers.ts';
import { between, type Shader } from './spot.ts';

/** Where the three folds of a medical mask lie, as shares of its height. */
const folds = [0.27, 0.47, 0.67];

/** How bright the cloth is at a place of the sheet, and how steep its fine relief is downwards. */
function fabric(mesh: MaskMesh, u: number, v: number): readonly [tone: number, slope: number] {
  const { kind, seed } = mesh.mask;
  const edge = Math.min(v, 1 - v, (1 - Math.abs(u)) * 0.7);
  // creases run from the straps' corners towards the middle
  const pulled = Math.abs(u) ** 1.5;
  const crease = fractal(u * 3 + 9, v * (5 + 5 * pulled), seed, 3) * mix(0.5, 1.3, pulled);
  let tone = 1 + 0.1 * crease + 0.05 * (noise(u * 60, v * 60, seed + 1) - 0.5);
  let slope = 0.5 * fractal(u * 2.4, v * (7 + 6 * pulled), seed + 2, 2) * mix(0.5, 1.2, pulled);
  if (kind === 'medical') {
    for (const fold of folds) {
      const away = v - fold - 0.035 * (1 - u * u) * (fold - 0.45) * 2;
      tone -= 0.2 * bump(away - 0.004, 0.012) - 0.05 * bump(away + 0.03, 0.03);
      slope += 0.55 * bump(away + 0.025, 0.03) - 0.4 * bump(away - 0.02, 0.02);
    }
    // the wire over the nose
    slope += 0.3 * bump(v - 0.055, 0.02) * smoothstep(0.62, 0.45, Math.abs(u));
  } else {
    // the seam down the middle
    tone -= 0.22 * bump(u, 0.012);
    if (kind === 'ffp2') {
      slope *= 0.3;
      const weld = Math.abs(u) > 0.93 || v < 0.045 || v > 0.95;
      if (weld) tone -= 0.1 * smoothstep(0.1, 0.5, Math.sin(u * 130) * Math.sin(v * 110));
      tone += 0.05 * bump(Math.abs(u) - 0.04, 0.03);
    }
  }
  // a hem all around
  tone *= 1 - 0.14 * bump(edge - 0.042, 0.008) - 0.1 * smoothstep(0.012, 0, edge);
  return [tone, slope];
}

/** Cloth: matt, a little light shines through it, and its fibres scatter at grazing angles. */
export function maskShader(at: Moment, mesh: MaskMesh): Shader {
  const { mask, sheet } = mesh;
  const { towards, colour } = at.shot.lighting.key;
  const [, b = 0, , , e = 1, , , h = 0] = at.head; // where the head's own up points
  const strap = Math.min(0.85, 0.35 + mask.colour[1]);
  return (spot, out, index) => {
    const u = between(spot, sheet, 2, 0);
    const v = between(spot, sheet, 2, 1);
    const onSheet = u <= 1.001 && v <= 1.001;
    const [tone, slope] = onSheet ? fabric(mesh, u, v) : [1, 0];
    const nx = spot.nx + slope * b;
    const ny = spot.ny + slope * e;
    const nz = spot.nz + slope * h;
    const inverse = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
    const facing = (nx * towards[0] + ny * towards[1] + nz * towards[2]) * inverse;
    const arrives = Math.max(0, (facing + 0.12) / 1.12) * spot.key;
    const lift = 1 + 0.25 * (ny * inverse - spot.ny);
    const fuzz = 0.06 * (1 - Math.abs(spot.nz)) ** 3;
    for (let c = 0; c < 3; c++) {
      const ambient = (c === 0 ? spot.red : c === 1 ? spot.green : spot.blue) * lift;
      const dye = onSheet ? dyeAt(mesh, u, v, c) : strap;
      out[index + c] = dye * tone * (ambient + (colour[c] ?? 0) * arrives) + fuzz * ambient;
    }
  };
}

function dyeAt({ mask }: MaskMesh, u: number, v: number, c: number): number {
  const plain = mask.colour[c] ?? 0;
  if (mask.pattern === 'plain') return plain;
  const print =
    mask.pattern === 'stripes'
      ? smoothstep(-0.25, 0.25, Math.sin(v * 62))
      : smoothstep(0.62, 0.8, Math.sin(u * 32) * Math.sin(v * 38) * Math.sign(Math.sin(u * 16)));
  return mix(plain, mask.second[c] ?? 0, print);
}
