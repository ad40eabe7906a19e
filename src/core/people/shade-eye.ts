import { eyeballRadius, irisRadius, pupilOutwards } from './lids.ts';
import { type Moment, type PosedPart, posedEyeball } from './moment.ts';
import { lattice, noise } from './noise.ts';
import { clamp, mix, smoothstep } from './numbers.ts';
import { keyLight } from './shade-skin.ts';
import { between, type Shader } from './spot.ts';
import { headRotation, multiply, normalize, rotate, rotatedRow, transpose, type Vec3 } from './vectors.ts';

const pupilRadius = 1.9;

/** Sclera, iris, pupil, the lids' shade on them, and the lights mirrored in the cornea. */
export function eyeShader(at: Moment, posed: PosedPart): Shader {
  const { person } = at.figure;
  const { lighting, expression } = at.shot;
  const iris = person.skin.iris;
  const { seed } = person;
  const [right, up] = expression.gaze;
  const gaze = multiply(at.head, headRotation(right, -up, 0));
  const toEye = transpose(gaze);
  const toHead = transpose(at.head);
  const centres = [posedEyeball(at, 0), posedEyeball(at, 1)] as const;
  const perEye = posed.part.mesh.count / 2;
  const key = keyLight(lighting);
  const white: Vec3 = mixWhite(person.age, person.skin.melanin);
  const lamps = [
    { half: key.half, colour: key.colour, size: 180, strength: 0.9 },
    ...lighting.glows.map((glow) => ({
      half: normalize([glow.towards[0], glow.towards[1], glow.towards[2] + 1]),
      colour: glow.colour,
      size: 60,
      strength: 0.22,
    })),
  ];
  const axis = rotate(gaze, [0, 0, 1]);
  const colour = new Float32Array(3);
  return (spot, out, index) => {
    const eye = spot.a < perEye ? 0 : 1;
    const centre = centres[eye];
    const px = (between(spot, posed.positions, 3, 0) - centre[0]) / eyeballRadius;
    const py = (between(spot, posed.positions, 3, 1) - centre[1]) / eyeballRadius;
    const pz = (between(spot, posed.positions, 3, 2) - centre[2]) / eyeballRadius;
    const gx = rotatedRow(toEye, 0, px, py, pz);
    const gy = rotatedRow(toEye, 3, px, py, pz);
    const gz = rotatedRow(toEye, 6, px, py, pz);
    const rho = gz > 0 ? Math.sqrt(gx * gx + gy * gy) * eyeballRadius : 99;
    const angle = Math.atan2(gy, gx);
    const localX = rotatedRow(toHead, 0, px, py, pz);
    const outward = (eye === 0 ? -localX : localX) * eyeballRadius + pupilOutwards;
    const height = rotatedRow(toHead, 3, px, py, pz) * eyeballRadius;
    const veins =
      0.12 * smoothstep(0.55, 0.9, noise(angle * 9, rho * 0.35, seed + 61)) * smoothstep(6, 11, rho);
    const corner = smoothstep(at.lids.half * 0.62, at.lids.half * 1.02, -outward);
    colour[0] = mix(white[0], 0.52, corner * 0.8);
    colour[1] = mix(white[1] * (1 - veins), 0.24, corner * 0.8);
    colour[2] = mix(white[2] * (1 - veins), 0.22, corner * 0.8);
    const inIris = smoothstep(irisRadius + 0.35, irisRadius - 0.35, rho);
    if (inIris > 0) {
      const fibres = 0.75 + 0.5 * noise(angle * 12 + 3 * lattice(seed, 1, 3), rho * 0.7, seed + 62);
      const ring = 1 - 0.62 * smoothstep(irisRadius - 1.5, irisRadius, rho);
      const inner = 1 + 0.35 * smoothstep(3.4, 2.1, rho);
      // light that enters at one side brightens the other side of the iris
      const glow = 1 - 0.4 * (gx * key.light[0] + gy * key.light[1]) * (eyeballRadius / irisRadius);
      const pupil = smoothstep(pupilRadius - 0.25, pupilRadius + 0.25, rho);
      for (let c = 0; c < 3; c++) {
        const value = (iris[c] ?? 0) * fibres * ring * inner * Math.max(0.4, glow) * pupil + 0.004;
        colour[c] = mix(colour[c] ?? 0, value, inIris);
      }
    }
    const above = at.lids.upper(outward) - height;
    const below = height - at.lids.lower(outward);
    const shade =
      mix(0.2, 1, smoothstep(-0.2, 3.6, above)) *
      mix(0.55, 1, smoothstep(-0.3, 1.6, below)) *
      mix(0.55, 1, smoothstep(0, 4, at.lids.half - Math.abs(outward)));
    const towards = px * key.light[0] + py * key.light[1] + pz * key.light[2];
    const facing = Math.max(0, (towards + 0.25) / 1.25) * spot.key;
    out[index] = (colour[0] ?? 0) * shade * (spot.red * 0.8 + key.colour[0] * facing);
    out[index + 1] = (colour[1] ?? 0) * shade * (spot.green * 0.8 + key.colour[1] * facing);
    out[index + 2] = (colour[2] ?? 0) * shade * (spot.blue * 0.8 + key.colour[2] * facing);
    // the cornea bulges: its normal leans outwards faster than the eyeball's
    const bulge = rho < 6.5 ? 0.62 : 0;
    const bx = px + bulge * (px - axis[0]);
    const by = py + bulge * (py - axis[1]);
    const bz = pz + bulge * (pz - axis[2]);
    const inverse = 1 / Math.sqrt(bx * bx + by * by + bz * bz);
    const open = smoothstep(0.2, 1.8, above) * mix(0.35, 1, spot.key);
    for (const { half, colour: light, size, strength } of lamps) {
      const mirrored = (bx * half[0] + by * half[1] + bz * half[2]) * inverse;
      // further off nothing is left of it
      if (mirrored < 0.9) continue;
      const gloss = mirrored ** (size * 2) * open * strength;
      for (let c = 0; c < 3; c++) out[index + c] = (out[index + c] ?? 0) + gloss * (light[c] ?? 0);
    }
    const sky = 0.035 * open * clamp(by * inverse + 0.4) * (rho < 6.5 ? 1 : 0.5);
    for (let c = 0; c < 3; c++) out[index + c] = (out[index + c] ?? 0) + sky * (lighting.sky[c] ?? 0);
  };
}

function mixWhite(age: number, melanin: number): Vec3 {
  const dull = clamp((age - 30) / 60) * 0.12 + 0.1 * melanin;
  return [0.53 - dull * 0.35, 0.475 - dull * 0.5, 0.44 - dull * 0.7];
}
