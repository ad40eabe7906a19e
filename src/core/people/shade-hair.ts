import type { HairShell } from './hair.ts';
import { cuts } from './hair-cuts.ts';
import type { Moment } from './moment.ts';
import { noise } from './noise.ts';
import { clamp, mix, smoothstep } from './numbers.ts';
import type { Hole } from './raster.ts';
import { between, type Shader } from './spot.ts';
import { normalize } from './vectors.ts';

/** True where a shell has no hair: at its ragged ends, and between the locks of the outer shells. */
export function hairGaps(at: Moment, shell: HairShell): Hole {
  const { strand, toEdge, combed, triangles, layer, grown } = shell;
  const { seed, hair } = at.figure.person;
  const cut = cuts[hair.cut];
  const curl = cut?.curl ?? 0;
  const ragged = (cut?.hang ? 16 : curl > 0 ? 9 : 7) + 4 * hair.mess;
  if (!grown) return () => false;
  return (t, weights) => {
    const u = weights[0] ?? 0;
    const v = weights[1] ?? 0;
    const w = weights[2] ?? 0;
    const a = triangles[t] ?? 0;
    const b = triangles[t + 1] ?? 0;
    const c = triangles[t + 2] ?? 0;
    const edge = (toEdge[a] ?? 0) * u + (toEdge[b] ?? 0) * v + (toEdge[c] ?? 0) * w;
    const back = (combed[a] ?? 0) * u + (combed[b] ?? 0) * v + (combed[c] ?? 0) * w;
    if (layer < 0.5 && edge > ragged + 10 * back) return false;
    const across = (strand[a * 2] ?? 0) * u + (strand[b * 2] ?? 0) * v + (strand[c * 2] ?? 0) * w;
    const along = (strand[a * 2 + 1] ?? 0) * u + (strand[b * 2 + 1] ?? 0) * v + (strand[c * 2 + 1] ?? 0) * w;
    const wild =
      curl > 0 && curl < 20
        ? 0.6 * noise(across / (curl * 0.45), along / (curl * 0.45), seed + 71) +
          0.4 * noise(across * 0.9, along * 0.9, seed + 72)
        : 0.55 * noise(across * 0.42, along * 0.035, seed + 71) +
          0.45 * noise(across * 1.5, along * 0.06, seed + 72);
    if (back > 0.5) {
      // roots: single hairs first, then more and more
      const root = 0.5 * noise(across * 2.3, along * 0.12, seed + 73) + 0.5 * wild;
      if (edge < 22 * (root - 0.24) * (1 + 0.5 * layer)) return true;
    } else if (edge < ragged * (0.15 + 1.2 * wild) - 0.5) return true;
    return layer >= 0.5 && wild < 0.28 + 0.22 * layer;
  };
}

/** Light along strands (Kajiya and Kay 1989): brightest where the light falls across them, with two streaks of gloss. */
export function hairShader(at: Moment, shell: HairShell): Shader {
  const { hair, seed } = at.figure.person;
  const { lighting } = at.shot;
  const light = lighting.key.towards;
  const half = normalize([light[0], light[1], light[2] + 1]);
  const key = lighting.key.colour;
  const [r, g, b] = hair.colour;
  const curl = cuts[hair.cut]?.curl ?? 0;
  const tight = curl > 0 && curl < 20;
  const depth = mix(0.62, 1.1, shell.layer);
  const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0, m6 = 0, m7 = 0, m8 = 0] = at.head;
  return (spot, out, index) => {
    const across = between(spot, shell.strand, 2, 0);
    const along = between(spot, shell.strand, 2, 1);
    const fine = noise(across * 1.6, along * 0.045, seed + 81);
    const locks = tight
      ? noise(across / (curl * 0.5), along / (curl * 0.5), seed + 82)
      : noise(across * 0.33, along * 0.022, seed + 82);
    const tone = depth * (0.42 + 0.5 * fine + 0.75 * locks * (tight ? 1.3 : 0.8));
    const ux = between(spot, shell.tangents, 3, 0);
    const uy = between(spot, shell.tangents, 3, 1);
    const uz = between(spot, shell.tangents, 3, 2);
    // strands lean to and fro
    const lean = 0.5 * (fine - 0.5) + 0.35 * (locks - 0.5) * (tight ? 3 : 1);
    const tx = m0 * ux + m1 * uy + m2 * uz + lean * spot.nx;
    const ty = m3 * ux + m4 * uy + m5 * uz + lean * spot.ny;
    const tz = m6 * ux + m7 * uy + m8 * uz + lean * spot.nz;
    const inverse = 1 / Math.sqrt(tx * tx + ty * ty + tz * tz);
    const tl = (tx * light[0] + ty * light[1] + tz * light[2]) * inverse;
    const th = (tx * half[0] + ty * half[1] + tz * half[2]) * inverse;
    const facing = spot.nx * light[0] + spot.ny * light[1] + spot.nz * light[2];
    const arrives = spot.key * smoothstep(-0.35, 0.65, facing);
    const across2 = Math.sqrt(Math.max(0, 1 - tl * tl)) * arrives;
    const gloss = Math.sqrt(Math.max(0, 1 - th * th));
    const g2 = gloss * gloss;
    const g8 = g2 * g2 * g2 * g2;
    const g24 = g8 * g8 * g8;
    const sharp = g24 * g24 * g24 * g8 * g8 * arrives;
    const broad = g8 * g8 * g2 * g2 * g2 * arrives;
    const streak = (tight ? 0.35 : 1) * (0.3 + 1.1 * fine);
    const film = 0.045 * sharp * streak;
    const tint = 0.32 * broad * streak;
    const rim = 0.05 * clamp(1 - Math.abs(spot.nz)) ** 2 * shell.layer;
    out[index] =
      r * tone * (spot.red * 1.05 + key[0] * 0.75 * across2) + key[0] * (film + r * tint) + rim * spot.red;
    out[index + 1] =
      g * tone * (spot.green * 1.05 + key[1] * 0.75 * across2) +
      key[1] * (film + g * tint) +
      rim * spot.green;
    out[index + 2] =
      b * tone * (spot.blue * 1.05 + key[2] * 0.75 * across2) + key[2] * (film + b * tint) + rim * spot.blue;
  };
}
