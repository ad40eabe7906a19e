import { beard } from './beards.ts';
import { brow, browCover } from './brows.ts';
import { type Canon, columnAngle, mouthHalf, mouthLine } from './canon.ts';
import { mixColour, rgb, scaleColour } from './complexion.ts';
import { lips } from './features.ts';
import { cuts, hairline } from './hair-cuts.ts';
import { creaseHeight, eyeX, lids } from './lids.ts';
import { spots, wrinkles } from './marks.ts';
import { fractal, lattice, noise } from './noise.ts';
import { bump, bump2, clamp, mix, smoothstep } from './numbers.ts';
import type { Person } from './person.ts';
import type { Vec3 } from './vectors.ts';

/** Values per texel: linear red, green, blue; shine; slope of the fine relief along x and along y. */
export const skinChannels = 6;

/** What the skin looks like, over the grid of the head. */
export interface SkinTexture {
  readonly size: number;
  /** [size, size, skinChannels] */
  readonly data: Float32Array;
}

interface Texel {
  readonly colour: Vec3;
  readonly shine: number;
  /** Millimetres above the mesh. */
  readonly height: number;
}

type Painter = (x: number, y: number, angle: number, rowY: number, ahead: number) => Texel;

/** Colours that go with the tone of this skin. */
function palette(person: Person) {
  const { skin, hair } = person;
  const base = skin.colour;
  return {
    base,
    flush: scaleColour(base, [1.05, 0.78, 0.76]),
    deep: scaleColour(base, [0.62, 0.48, 0.48]),
    shade: scaleColour(mixColour(base, rgb(92, 72, 84), 0.25), [0.78, 0.74, 0.8]),
    brow: hair.browColour,
    hair: hair.colour,
    stubble: mixColour(scaleColour(base, [0.5, 0.52, 0.58]), hair.browColour, 0.45),
    mole: mixColour(scaleColour(base, [0.3, 0.2, 0.16]), rgb(40, 24, 18), 0.35),
    dark: rgb(34, 12, 10),
  };
}

function painter(person: Person): Painter {
  const { skin, shape, seed } = person;
  const colours = palette(person);
  const browShape = brow(person);
  const brows = browCover(person, browShape);
  const beards = beard(person);
  const lines = wrinkles(person);
  const marks = spots(person);
  const mouth = lips(shape);
  const rest = lids(shape, 1, 0);
  const crease = creaseHeight(shape);
  const cut = cuts[person.hair.cut];
  const line = cut ? hairline(cut, person.hair.recession, person.hair.widowsPeak) : null;
  const scalpShade = person.hair.cut === 'buzz' ? 0.75 : 0.6;

  return (x, y, angle, rowY, ahead) => {
    const ax = Math.abs(x);
    let colour = colours.base;
    let height = 0;
    let shine =
      0.5 +
      0.35 * bump2(x, y - 42, 34, 22) +
      0.45 * bump2(x, y + 30, 9, 18) +
      0.2 * bump2(ax - 38, y + 14, 14, 9);
    const mottle = fractal(x / 15, y / 15, seed + 1, 3) * 0.16 * (0.4 + skin.blotches);
    const blush =
      0.75 * bump2(ax - 38, y + 30, 19, 16) +
      0.6 * bump2(x, y + 38, 13, 8) +
      0.35 * bump2(x, y + 96, 18, 12) +
      0.22;
    colour = mixColour(colour, colours.flush, clamp(skin.blush * (blush + mottle * 3)));
    if (ahead > 0) {
      const socket =
        bump2(ax - 30, y + 10, 13, 6) * (0.25 + skin.underEye) +
        0.5 * bump2(ax - 20, y - 3, 7, 9) * (0.4 + skin.underEye);
      colour = mixColour(colour, colours.shade, clamp(socket * 0.6));
      const fine = noise(x * 1.1, y * 1.1, seed + 2) - 0.5;
      const tone = 1 + mottle + 0.05 * fine;
      colour = scaleColour(colour, [tone, tone, tone]);
      height += 0.05 * fine + 0.04 * (noise(x * 2.7, y * 2.7, seed + 3) - 0.5);
      if (y > -14 && y < 20) {
        const outward = ax - eyeX;
        const above = y - rest.upper(outward);
        const span = smoothstep(1.25, 0.8, Math.abs(outward / rest.half));
        if (crease > 0) colour = mixColour(colour, colours.deep, 0.55 * span * bump(above - crease, 0.8));
        colour = mixColour(
          colour,
          colours.flush,
          0.5 * span * smoothstep(7, 0, above) * smoothstep(-3, 0, above),
        );
        const under = rest.lower(outward) - y;
        colour = mixColour(colour, colours.deep, 0.25 * span * bump(under - 0.8, 1.2));
        if (skin.eyeliner > 0.5)
          colour = mixColour(
            colour,
            colours.shade,
            0.6 * span * smoothstep(6, 1, above) * smoothstep(-2, 0, above),
          );
      }
      if (y < -34 && y > -56) {
        const nostril = bump2(
          ax - 7 - 0.35 * shape.nostrils,
          y + 47.6,
          4.1 + 0.25 * shape.nostrils,
          1.9 + 0.25 * shape.nostrils,
        );
        colour = mixColour(colour, colours.dark, clamp(nostril * 1.35 - 0.12) * 0.95);
        const wing = 13.2 * (1 + 0.095 * shape.noseWidth) + 5.4;
        colour = mixColour(colour, colours.deep, 0.4 * bump2(ax - wing, y + 44, 1.3, 6));
        colour = mixColour(colour, colours.deep, 0.35 * bump2(x, y + 50.5, 14, 1.6));
      }
      if (y < -50 && y > -90) {
        const above = y - mouthLine;
        const edge = above >= 0 ? mouth.upper(x) - above : mouth.lower(x) + above;
        const red = smoothstep(-0.7, 0.8, edge) * smoothstep(mouthHalf + 0.5, mouthHalf - 2, ax);
        if (red > 0) {
          const folds = noise(x * 1.3 + 0.3 * above, above * 0.12, seed + 4) - 0.5;
          const tone = (above >= 0 ? 0.82 : 1) * (1 + 0.16 * folds);
          colour = mixColour(colour, scaleColour(skin.lips, [tone, tone, tone]), red * 0.92);
          height += 0.14 * red * folds;
          shine = mix(shine, 0.55 + 0.35 * skin.lipstick + (above < 0 ? 0.25 : 0), red);
        }
        colour = mixColour(
          colour,
          colours.dark,
          0.8 * bump(above, 0.75) * smoothstep(mouthHalf + 2.5, mouthHalf - 1, ax),
        );
        colour = mixColour(colour, colours.deep, 0.5 * bump2(ax - mouthHalf - 0.5, above, 2.4, 2));
      }
      const depth = lines(x, y);
      if (depth > 0) {
        height -= 0.75 * depth;
        colour = mixColour(colour, colours.deep, 0.42 * depth);
      }
      colour = mixColour(colour, colours.mole, marks(x, y));
      const hairs = beards(x, y);
      if (hairs.shadow > 0) colour = mixColour(colour, colours.stubble, hairs.shadow * 0.5);
      if (hairs.cover > 0) {
        const tone = 0.75 + 0.6 * noise(x * 2.3, y * 0.7, seed + 5);
        colour = mixColour(colour, scaleColour(colours.brow, [tone, tone, tone]), hairs.cover);
        height += hairs.height * 0.25 * (noise(x * 1.2, y * 0.4, seed + 6) - 0.3);
        shine *= 1 - 0.8 * hairs.cover;
      }
      const covered = brows(x, y);
      if (covered > 0) {
        colour = mixColour(colour, colours.brow, covered * 0.92);
        height += 0.35 * covered;
        shine *= 1 - 0.7 * covered;
      }
    }
    if (line && rowY > -110) {
      const inside = rowY - line(Math.abs(angle) * (180 / Math.PI));
      const dots = 0.6 + 0.5 * lattice(Math.floor(angle * 110), Math.floor(rowY * 1.3), seed + 8);
      const gone = cut?.crown ? smoothstep(cut.crown + 4, cut.crown - 8, rowY) : 1;
      colour = mixColour(
        colour,
        colours.hair,
        clamp(smoothstep(-3, 7, inside + 4 * fractal(angle * 14, 2, seed, 2)) * scalpShade * dots * gone),
      );
      shine *= 1 - 0.6 * smoothstep(-2, 6, inside) * gone;
    }
    return { colour, shine: clamp(shine * (0.45 + 1.1 * skin.shine)), height };
  };
}

/** Paints the skin of a person over the head's grid, `size`×`size` texels. */
export function skinTexture(person: Person, canon: Canon, size: number): SkinTexture {
  const paint = painter(person);
  const data = new Float32Array(size * size * skinChannels);
  const heights = new Float32Array(size * size);
  const xs = new Float32Array(size * size);
  const ys = new Float32Array(size * size);
  const { columns, rows, points, front } = canon;
  for (let v = 0; v < size; v++) {
    const row = (v / (size - 1)) * (rows - 1);
    const r = Math.min(rows - 2, Math.floor(row));
    const fr = row - r;
    for (let u = 0; u < size; u++) {
      const column = (u / (size - 1)) * (columns - 1);
      const c = Math.min(columns - 2, Math.floor(column));
      const fc = column - c;
      const a = r * columns + c;
      const at = (list: Float32Array, stride: number, k: number): number =>
        mix(
          mix(list[a * stride + k] ?? 0, list[(a + 1) * stride + k] ?? 0, fc),
          mix(list[(a + columns) * stride + k] ?? 0, list[(a + columns + 1) * stride + k] ?? 0, fc),
          fr,
        );
      const x = at(points, 3, 0);
      const y = at(points, 3, 1);
      const middle = (columns - 1) / 2;
      const rowY = mix(
        points[(r * columns + middle) * 3 + 1] ?? 0,
        points[((r + 1) * columns + middle) * 3 + 1] ?? 0,
        fr,
      );
      const texel = paint(x, y, columnAngle((u / (size - 1)) * 2 - 1), rowY, at(front, 1, 0));
      const i = v * size + u;
      data.set(texel.colour, i * skinChannels);
      data[i * skinChannels + 3] = texel.shine;
      heights[i] = texel.height;
      xs[i] = x;
      ys[i] = y;
    }
  }
  for (let v = 1; v + 1 < size; v++)
    for (let u = 1; u + 1 < size; u++) {
      const i = v * size + u;
      const dx = (xs[i + 1] ?? 0) - (xs[i - 1] ?? 0);
      const dy = (ys[i - size] ?? 0) - (ys[i + size] ?? 0);
      const hx = (heights[i + 1] ?? 0) - (heights[i - 1] ?? 0);
      const hy = (heights[i - size] ?? 0) - (heights[i + size] ?? 0);
      data[i * skinChannels + 4] = Math.abs(dx) > 0.05 ? clamp(hx / dx, -0.6, 0.6) : 0;
      data[i * skinChannels + 5] = Math.abs(dy) > 0.05 ? clamp(hy / dy, -0.6, 0.6) : 0;
    }
  return { size, data };
}
