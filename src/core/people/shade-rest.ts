import type { Body } from './body.ts';
import { mixColour, rgb, scaleColour } from './complexion.ts';
import type { Frame } from './glasses.ts';
import type { Moment } from './moment.ts';
import { fractal, noise } from './noise.ts';
import { bump, clamp, mix, smoothstep } from './numbers.ts';
import { keyLight, litSkin } from './shade-skin.ts';
import { between, type Shader, type Spot } from './spot.ts';
import type { Teeth } from './teeth.ts';
import type { Vec3 } from './vectors.ts';

/** Matt light on a colour. */
function matt(spot: Spot, at: Moment, [r, g, b]: Vec3, out: Float32Array, index: number): void {
  const { towards, colour } = at.shot.lighting.key;
  const facing = Math.max(0, spot.nx * towards[0] + spot.ny * towards[1] + spot.nz * towards[2]) * spot.key;
  out[index] = r * (spot.red + colour[0] * facing);
  out[index + 1] = g * (spot.green + colour[1] * facing);
  out[index + 2] = b * (spot.blue + colour[2] * facing);
}

export function earShader(at: Moment): Shader {
  const { skin } = at.figure.person;
  const key = keyLight(at.shot.lighting);
  const flush = scaleColour(skin.colour, [1.04, 0.74, 0.7]);
  const [r, g, b] = mixColour(skin.colour, flush, 0.35 + 0.4 * skin.blush);
  return (spot, out, index) => {
    litSkin(spot, key, r, g, b, 0.3 * skin.shine, out, index);
  };
}

/** Teeth of both jaws, the tongue, and darkness around them. */
export function teethShader(at: Moment, teeth: Teeth): Shader {
  const drop = 15 * at.shot.expression.modes.open;
  const enamel = mixColour(rgb(236, 228, 214), rgb(206, 186, 152), clamp((at.figure.person.age - 30) / 60));
  const gum = rgb(150, 70, 70);
  const tongue = rgb(128, 58, 56);
  const dark = rgb(36, 12, 12);
  const key = keyLight(at.shot.lighting);
  // widths of the teeth from the middle outwards, in millimetres
  const edges = [0, 8.6, 15.4, 22.6, 29, 36];
  return (spot, out, index) => {
    const x = Math.abs(between(spot, teeth.face, 2, 0));
    const y = between(spot, teeth.face, 2, 1);
    let gap = 0;
    let tooth = 0;
    edges.forEach((edge, i) => {
      gap = Math.max(gap, bump(x - edge, 0.35));
      if (x >= edge) tooth = i;
    });
    const rim = -4.2 + 0.012 * x * x + (tooth === 1 ? 0.9 : 0) + 0.5 * gap;
    const upper = smoothstep(rim - 0.3, rim + 0.3, y);
    const lowerTop = -4.6 - 0.9 * drop + 0.01 * x * x;
    const lower = smoothstep(lowerTop + 0.4, lowerTop - 0.4, y) * smoothstep(lowerTop - 9, lowerTop - 8, y);
    const gums = smoothstep(4.4 - gap * 1.2, 6.2 - gap * 1.2, y) * upper;
    let colour = mixColour(
      dark,
      tongue,
      0.65 * bump(x, 15) * smoothstep(-3 - drop * 0.55, -4 - drop * 0.8, y),
    );
    colour = mixColour(colour, scaleColour(enamel, [0.7, 0.66, 0.62]), lower);
    colour = mixColour(colour, enamel, upper);
    colour = mixColour(colour, gum, gums);
    colour = mixColour(colour, dark, 0.55 * gap * Math.max(upper, lower) * (1 - gums));
    const inside =
      mix(0.3, 0.78, smoothstep(27, 6, x)) * (upper > 0.5 ? 1 : 0.6) * mix(0.6, 1, smoothstep(6, 0, y));
    const [r, g, b] = scaleColour(colour, [inside, inside, inside]);
    litSkin(spot, key, r, g, b, 0.25 * upper * inside, out, index);
  };
}

/** Skin above the neckline, cloth below it. */
export function bodyShader(at: Moment, body: Body): Shader {
  const { clothes, seed } = at.shot;
  const { skin } = at.figure.person;
  const key = keyLight(at.shot.lighting);
  const cloth: [number, number, number] = [0, 0, 0];
  return (spot, out, index) => {
    const angle = between(spot, body.face, 2, 0);
    const y = between(spot, body.face, 2, 1);
    const ahead = Math.cos(angle);
    const line = necklineAt(clothes.neckline, angle, ahead);
    const edge = y - line;
    if (edge > 0) {
      const shade = mix(0.72, 1, smoothstep(0, 5, edge));
      const [r, g, b] = [skin.colour[0], skin.colour[1] * 0.97, skin.colour[2] * 0.96];
      litSkin(spot, key, r * shade, g * shade, b * shade, 0.3 * skin.shine, out, index);
      return;
    }
    const x = angle * 90;
    const folds = fractal(x / 46 + (0.3 * y) / 40, y / 70, seed + 91, 3);
    const weave = 0.94 + 0.12 * noise(x * 1.3, y * 1.3, seed + 92);
    const seam = 1 - 0.3 * bump(edge + 7, 1) + 0.12 * smoothstep(-7, -1, edge);
    const stripe =
      clothes.pattern === 'plain'
        ? 0
        : clothes.pattern === 'stripes'
          ? smoothstep(-0.2, 0.2, Math.sin(y / 3.4))
          : 0.5 * smoothstep(-0.2, 0.2, Math.sin(y / 4.5)) + 0.5 * smoothstep(-0.2, 0.2, Math.sin(x / 4.5));
    const tone = (1 + 0.9 * folds) * weave * seam;
    for (let c = 0; c < 3; c++) cloth[c] = mix(clothes.colour[c] ?? 0, clothes.second[c] ?? 0, stripe) * tone;
    matt(spot, at, cloth, out, index);
  };
}

function necklineAt(kind: Moment['shot']['clothes']['neckline'], angle: number, ahead: number): number {
  if (kind === 'high') return -152 + 3 * ahead;
  if (kind === 'vee') return -168 - Math.max(0, 1 - Math.abs(angle) / 0.9) * 62;
  if (kind === 'shirt') return -160 - Math.max(0, 1 - Math.abs(angle) / 0.42) * 34;
  return -170 - 18 * Math.max(0, ahead) ** 2;
}

export function frameShader(at: Moment, frame: Frame): Shader {
  const { half, colour } = keyLight(at.shot.lighting);
  return (spot, out, index) => {
    matt(spot, at, frame.glasses.colour, out, index);
    const gloss =
      Math.max(0, spot.nx * half[0] + spot.ny * half[1] + spot.nz * half[2]) ** 40 * spot.key * 0.5;
    for (let c = 0; c < 3; c++)
      out[index + c] = (out[index + c] ?? 0) + gloss * (colour[c] ?? 0) + 0.02 * spot.green;
  };
}
