import { eyeX, type Lids } from './lids.ts';
import type { Lighting } from './lighting.ts';
import type { Moment } from './moment.ts';
import { noise } from './noise.ts';
import { bump, clamp, mix, smoothstep } from './numbers.ts';
import type { Hole } from './raster.ts';
import type { SkinTexture } from './skin.ts';
import { skinChannels } from './skin.ts';
import type { Skull } from './skull.ts';
import { between, type Shader, type Spot } from './spot.ts';
import { normalize, type Vec3 } from './vectors.ts';

/** One texel's values between the four that surround (u, v), both 0 … 1. */
function lookUp(texture: SkinTexture, u: number, v: number, out: Float32Array): void {
  const { size, data } = texture;
  const x = clamp(u) * (size - 1);
  const y = clamp(v) * (size - 1);
  const xi = Math.min(size - 2, Math.floor(x));
  const yi = Math.min(size - 2, Math.floor(y));
  const fx = x - xi;
  const fy = y - yi;
  const w11 = fx * fy;
  const w10 = fy - w11;
  const w01 = fx - w11;
  const w00 = 1 - fx - w10;
  const i = (yi * size + xi) * skinChannels;
  const j = i + size * skinChannels;
  for (let k = 0; k < skinChannels; k++)
    out[k] =
      (data[i + k] ?? 0) * w00 +
      (data[i + skinChannels + k] ?? 0) * w01 +
      (data[j + k] ?? 0) * w10 +
      (data[j + skinChannels + k] ?? 0) * w11;
}

/** The main light and the direction halfway between it and the camera. */
interface KeyLight {
  readonly light: Vec3;
  readonly half: Vec3;
  readonly colour: Vec3;
}

export function keyLight(lighting: Lighting): KeyLight {
  const [x, y, z] = lighting.key.towards;
  return { light: lighting.key.towards, half: normalize([x, y, z + 1]), colour: lighting.key.colour };
}

/**
 * Light that leaves skin of a reflectance (`r`, `g`, `b`; numbers, since this runs for every pixel). Light that enters skin leaves it a little further on, red light furthest:
 * the border of the shade is wrapped by channel. Over that an oily film mirrors the light, more at grazing angles.
 */
export function litSkin(
  spot: Spot,
  key: KeyLight,
  r: number,
  g: number,
  b: number,
  shine: number,
  out: Float32Array,
  index: number,
): void {
  const { light, half, colour } = key;
  const facing = spot.nx * light[0] + spot.ny * light[1] + spot.nz * light[2];
  const shadow = spot.key;
  const red = Math.max(0, (facing + 0.28) / 1.28) * mix(shadow, Math.sqrt(shadow), 0.5);
  const green = Math.max(0, (facing + 0.13) / 1.13) * shadow;
  const blue = Math.max(0, (facing + 0.09) / 1.09) * shadow;
  const gloss = Math.max(0, spot.nx * half[0] + spot.ny * half[1] + spot.nz * half[2]);
  const g2 = gloss * gloss;
  const g4 = g2 * g2;
  const g8 = g4 * g4;
  const g16 = g8 * g8;
  const broad = g8 * g2;
  const narrow = g16 * g16 * g8;
  const grazing = clamp(1 - Math.abs(spot.nz));
  const grazing3 = grazing * grazing * grazing;
  const fresnel = 0.6 + 4 * grazing3 * grazing;
  const film = shine * fresnel * shadow * Math.max(0, facing + 0.1) * (0.075 * broad + 0.2 * narrow);
  const rim = shine * 0.16 * grazing3;
  const [kr, kg, kb] = [colour[0], colour[1], colour[2]];
  out[index] = r * (spot.red + kr * red) + film * kr + rim * spot.red;
  out[index + 1] = g * (spot.green + kg * green) + film * kg + rim * spot.green;
  out[index + 2] = b * (spot.blue + kb * blue) + film * kb + rim * spot.blue;
}

/** Lashes and the lids' rims, painted where the lids are at that moment. */
function paintLids(
  lids: Lids,
  x: number,
  y: number,
  lashes: number,
  liner: number,
  colour: Float32Array,
): void {
  const outward = Math.abs(x) - eyeX;
  const e = outward / lids.half;
  if (Math.abs(e) > 1.35 || y > 14 || y < -13) return;
  const above = y - lids.upper(outward);
  const below = lids.lower(outward) - y;
  const reach = 0.85 + 0.55 * lashes + 0.8 * liner * smoothstep(-0.5, 1, e);
  const wing = e > 0.9 ? bump(e - 0.9, 0.12 + 0.12 * liner) : smoothstep(-1.12, -0.7, e);
  let dark = above > -0.6 ? 0.92 * smoothstep(reach + 0.5, reach - 0.3, above) * wing : 0;
  if (above > 0 && above < 4) {
    // lashes fan out over the lid
    const fan = outward + above * 0.55 * (e + 0.15);
    dark = Math.max(
      dark,
      0.5 * lashes * smoothstep(0.62, 0.8, noise(fan * 2.1, 0.5, 77)) * smoothstep(3.4, 0.8, above) * wing,
    );
  }
  if (below > -0.3) {
    dark = Math.max(
      dark,
      (0.24 + 0.4 * liner * lashes) *
        bump(below - 0.55, 0.7) *
        smoothstep(-1, 0.2, e) *
        smoothstep(1.15, 0.9, e),
    );
    const rim = 0.45 * bump(below, 0.4) * (Math.abs(e) < 1 ? 1 : 0);
    for (let k = 0; k < 3; k++) colour[k] = mix(colour[k] ?? 0, k === 0 ? 0.55 : 0.28, rim);
  }
  for (let k = 0; k < 3; k++) colour[k] = (colour[k] ?? 0) * (1 - dark) + 0.012 * dark;
}

export function skinShader(at: Moment, skull: Skull): Shader {
  const { texture, person } = at.figure;
  const key = keyLight(at.shot.lighting);
  const texel = new Float32Array(skinChannels);
  // fine relief slopes along the head's own x and y
  const [ax = 0, bx = 0, , ay = 0, by = 0, , az = 0, bz = 0] = at.head;
  const lashes = mix(0.35, 1, 1 - person.masculinity);
  const liner = person.skin.eyeliner;
  const { lids } = at;
  return (spot, out, index) => {
    lookUp(texture, between(spot, skull.uv, 2, 0), between(spot, skull.uv, 2, 1), texel);
    const y = between(spot, skull.face, 2, 1);
    if (y > -14 && y < 15) paintLids(lids, between(spot, skull.face, 2, 0), y, lashes, liner, texel);
    const sx = texel[4] ?? 0;
    const sy = texel[5] ?? 0;
    const nx = spot.nx - sx * ax - sy * bx;
    const ny = spot.ny - sx * ay - sy * by;
    const nz = spot.nz - sx * az - sy * bz;
    const inverse = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
    // how much the fine relief turns towards the sky stands in for its own share of the surroundings' light
    const lift = clamp(1 + 0.8 * (ny * inverse - spot.ny), 0.6, 1.4);
    spot.nx = nx * inverse;
    spot.ny = ny * inverse;
    spot.nz = nz * inverse;
    spot.red *= lift;
    spot.green *= lift;
    spot.blue *= lift;
    litSkin(spot, key, texel[0] ?? 0, texel[1] ?? 0, texel[2] ?? 0, texel[3] ?? 0, out, index);
  };
}

/** True where the lids leave the eye open: at weights of a triangle of the skull. */
export function eyeHoles(skull: Skull, lids: Lids): Hole {
  const { face, triangles } = skull;
  // asked for every sample: margins of the lids in steps of a quarter of a millimetre
  const steps = Math.ceil(8 * lids.half) + 2;
  const upper = new Float32Array(steps);
  const lower = new Float32Array(steps);
  for (let i = 0; i < steps; i++) {
    upper[i] = lids.upper(i / 4 - lids.half);
    lower[i] = lids.lower(i / 4 - lids.half);
  }
  return (t, weights) => {
    const u = weights[0] ?? 0;
    const v = weights[1] ?? 0;
    const w = weights[2] ?? 0;
    const a = (triangles[t] ?? 0) * 2;
    const y0 = face[a + 1] ?? 0;
    const b = (triangles[t + 1] ?? 0) * 2;
    const c = (triangles[t + 2] ?? 0) * 2;
    const x = Math.abs((face[a] ?? 0) * u + (face[b] ?? 0) * v + (face[c] ?? 0) * w);
    const outward = x - eyeX;
    if (outward < -lids.half || outward > lids.half) return false;
    const y = y0 * u + (face[b + 1] ?? 0) * v + (face[c + 1] ?? 0) * w;
    const at = (outward + lids.half) * 4;
    const i = Math.floor(at);
    const f = at - i;
    const top = (upper[i] ?? 0) * (1 - f) + (upper[i + 1] ?? 0) * f;
    return y < top && y > (lower[i] ?? 0) * (1 - f) + (lower[i + 1] ?? 0) * f;
  };
}
