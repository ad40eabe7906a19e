import { beard } from './beards.ts';
import { brow, browCover } from './brows.ts';
import { mouthHalf, mouthLine } from './canon.ts';
import { mixColour, rgb, scaleColour } from './complexion.ts';
import { lips } from './features.ts';
import { cuts, hairline } from './hair-cuts.ts';
import { creaseHeight, eyeX, lids } from './lids.ts';
import { spots, wrinkles } from './marks.ts';
import { fractal, lattice, noise } from './noise.ts';
import { bump, bump2, mix, smoothstep } from './numbers.ts';
import type { Person } from './person.ts';
import type { Vec3 } from './vectors.ts';

/** A place that is being painted; one object is filled again and again. */
export interface Texel {
  /** On the average head, in millimetres. */
  x: number;
  y: number;
  /** Around the head, in radians from the front, and y at the front of this row. */
  angle: number;
  rowY: number;
  red: number;
  green: number;
  blue: number;
  shine: number;
  /** Millimetres above the mesh. */
  height: number;
}

interface Palette {
  readonly base: Vec3;
  readonly flush: Vec3;
  readonly deep: Vec3;
  readonly shade: Vec3;
  readonly brow: Vec3;
  readonly hair: Vec3;
  readonly stubble: Vec3;
  readonly mole: Vec3;
  readonly dark: Vec3;
}

/** Colours that go with the tone of this skin. */
function palette(person: Person): Palette {
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

/** Moves the paint of a texel towards a colour. */
function blend(texel: Texel, to: Vec3, share: number): void {
  if (share <= 0) return;
  const t = Math.min(1, share);
  texel.red += (to[0] - texel.red) * t;
  texel.green += (to[1] - texel.green) * t;
  texel.blue += (to[2] - texel.blue) * t;
}

export type Layer = (texel: Texel) => void;

function complexionLayer(person: Person, colours: Palette): Layer {
  const { skin, seed } = person;
  return (texel) => {
    const { x, y } = texel;
    const ax = Math.abs(x);
    const mottle = fractal(x / 15, y / 15, seed + 1, 3) * 0.16 * (0.4 + skin.blotches);
    const blush =
      0.75 * bump2(ax - 38, y + 30, 19, 16) +
      0.6 * bump2(x, y + 38, 13, 8) +
      0.35 * bump2(x, y + 96, 18, 12) +
      0.22;
    blend(texel, colours.flush, skin.blush * (blush + mottle * 3));
    const fine = noise(x * 1.1, y * 1.1, seed + 2) - 0.5;
    const tone = 1 + mottle + 0.05 * fine;
    texel.red *= tone;
    texel.green *= tone;
    texel.blue *= tone;
    texel.height += 0.05 * fine + 0.04 * (noise(x * 2.7, y * 2.7, seed + 3) - 0.5);
    texel.shine +=
      0.35 * bump2(x, y - 42, 34, 22) + 0.45 * bump2(x, y + 30, 9, 18) + 0.2 * bump2(ax - 38, y + 14, 14, 9);
  };
}

function eyeLayer(person: Person, colours: Palette): Layer {
  const { skin, shape } = person;
  const rest = lids(shape, 1, 0);
  const crease = creaseHeight(shape);
  return (texel) => {
    const { y } = texel;
    if (y < -34 || y > 34) return;
    const ax = Math.abs(texel.x);
    const socket =
      bump2(ax - 30, y + 10, 13, 6) * (0.25 + skin.underEye) +
      0.5 * bump2(ax - 20, y - 3, 7, 9) * (0.4 + skin.underEye);
    blend(texel, colours.shade, socket * 0.6);
    if (y < -14 || y > 20) return;
    const outward = ax - eyeX;
    const above = y - rest.upper(outward);
    const span = smoothstep(1.25, 0.8, Math.abs(outward / rest.half));
    if (crease > 0) blend(texel, colours.deep, 0.55 * span * bump(above - crease, 0.8));
    blend(texel, colours.flush, 0.5 * span * smoothstep(7, 0, above) * smoothstep(-3, 0, above));
    blend(texel, colours.deep, 0.25 * span * bump(rest.lower(outward) - y - 0.8, 1.2));
    if (skin.eyeliner > 0.5)
      blend(texel, colours.shade, 0.6 * span * smoothstep(6, 1, above) * smoothstep(-2, 0, above));
  };
}

function noseLayer(person: Person, colours: Palette): Layer {
  const { shape } = person;
  const wide = 4 + 0.3 * shape.nostrils;
  const wing = 13.2 * (1.07 + 0.095 * shape.noseWidth) + 5.6;
  return (texel) => {
    const { x, y } = texel;
    if (y > -34 || y < -56) return;
    const ax = Math.abs(x);
    const nostril = bump2(ax - 7.4 - 0.35 * shape.nostrils, y + 47.4 + 0.1 * (ax - 7), wide, wide * 0.46);
    blend(texel, colours.dark, (nostril * 1.4 - 0.14) * 0.9);
    blend(texel, colours.deep, 0.3 * bump2(ax - wing, y + 43, 1.4, 6));
    blend(texel, colours.deep, 0.16 * bump2(x, y + 51, 12, 1.6));
  };
}

function lipLayer(person: Person, colours: Palette): Layer {
  const { skin, shape, seed } = person;
  const mouth = lips(shape);
  return (texel) => {
    const { x, y } = texel;
    if (y > -50 || y < -90) return;
    const ax = Math.abs(x);
    const above = y - mouthLine;
    const edge = above >= 0 ? mouth.upper(x) - above : mouth.lower(x) + above;
    const red = smoothstep(-1, 1.1, edge) * smoothstep(mouthHalf + 1, mouthHalf - 3, ax);
    if (red > 0) {
      const folds = noise(x * 1.3 + 0.3 * above, above * 0.12, seed + 4) - 0.5;
      const tone = (above >= 0 ? 0.82 : 1) * (1 + 0.16 * folds);
      blend(texel, scaleColour(skin.lips, [tone, tone, tone]), red * 0.85);
      texel.height += 0.14 * red * folds;
      texel.shine = mix(texel.shine, 0.55 + 0.35 * skin.lipstick + (above < 0 ? 0.25 : 0), red);
    }
    blend(texel, colours.dark, 0.72 * bump(above, 0.75) * smoothstep(mouthHalf + 2.5, mouthHalf - 1, ax));
    blend(texel, colours.deep, 0.5 * bump2(ax - mouthHalf - 0.5, above, 2.4, 2));
  };
}

/** Lines, marks, beard and brows. */
function hairLayer(person: Person, colours: Palette): Layer {
  const { seed } = person;
  const brows = browCover(person, brow(person));
  const beards = beard(person);
  const lines = wrinkles(person);
  const marks = spots(person);
  return (texel) => {
    const { x, y } = texel;
    const depth = lines(x, y);
    if (depth > 0) {
      texel.height -= 0.75 * depth;
      blend(texel, colours.deep, 0.42 * depth);
    }
    blend(texel, colours.mole, marks(x, y));
    const hairs = beards(x, y);
    blend(texel, colours.stubble, hairs.shadow * 0.5);
    if (hairs.cover > 0) {
      const tone = 0.75 + 0.6 * noise(x * 2.3, y * 0.7, seed + 5);
      blend(texel, scaleColour(colours.brow, [tone, tone, tone]), hairs.cover);
      texel.height += hairs.height * 0.25 * (noise(x * 1.2, y * 0.4, seed + 6) - 0.3);
      texel.shine *= 1 - 0.8 * hairs.cover;
    }
    const covered = brows(x, y);
    if (covered > 0) {
      blend(texel, colours.brow, covered * 0.92);
      texel.height += 0.35 * covered;
      texel.shine *= 1 - 0.7 * covered;
    }
  };
}

/** The roots of hair on the scalp. */
function scalpLayer(person: Person, colours: Palette): Layer {
  const { seed } = person;
  const cut = cuts[person.hair.cut];
  if (!cut) return () => {};
  const line = hairline(cut, person.hair.recession, person.hair.widowsPeak);
  const strength = person.hair.cut === 'buzz' ? 0.75 : 0.6;
  return (texel) => {
    const { angle, rowY } = texel;
    if (rowY < -110) return;
    const inside = rowY - line(Math.abs(angle) * (180 / Math.PI));
    if (inside < -6) return;
    const dots = 0.6 + 0.5 * lattice(Math.floor(angle * 110), Math.floor(rowY * 1.3), seed + 8);
    const gone = cut.crown ? smoothstep(cut.crown + 4, cut.crown - 8, rowY) : 1;
    const grown = smoothstep(-3, 7, inside + 4 * fractal(angle * 14, 2, seed, 2));
    blend(texel, colours.hair, grown * strength * dots * gone);
    texel.shine *= 1 - 0.6 * smoothstep(-2, 6, inside) * gone;
  };
}

/** The layers of paint on the face, from the lowest up, and those that go all around the head. */
export function layersOf(person: Person): { face: readonly Layer[]; all: readonly Layer[] } {
  const colours = palette(person);
  const face = [complexionLayer, eyeLayer, noseLayer, lipLayer, hairLayer].map((layer) =>
    layer(person, colours),
  );
  return { face, all: [scalpLayer(person, colours)] };
}
