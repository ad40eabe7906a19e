import { mouthHalf, mouthLine } from './canon.ts';
import { bump, bump2, clamp, curve, smoothstep } from './numbers.ts';
import type { Shape } from './person.ts';

/** Millimetres from the mouth's line to the edge of the red of each lip, at x. */
export interface Lips {
  readonly upper: (x: number) => number;
  readonly lower: (x: number) => number;
}

export function lips(shape: Shape): Lips {
  const up = Math.max(2.6, 7 + 1.55 * shape.upperLip);
  const low = Math.max(4, 9 + 1.7 * shape.lowerLip);
  const bow = clamp(0.16 + 0.08 * shape.cupidsBow, 0, 0.35);
  const taper = (x: number, power: number): number => Math.max(0, 1 - (x / mouthHalf) ** 2) ** power;
  return {
    upper: (x) => up * taper(x, 1.15) * (1 - bow * bump(x, 3.2) + bow * 0.5 * bump(Math.abs(x) - 6.5, 4)),
    lower: (x) => low * taper(x, 0.95),
  };
}

/** How far the surface of the face comes forward at (x, y), in millimetres. */
export type Relief = (x: number, y: number) => number;

/** The fold from the nose's wing past the mouth's corner: nearness of (|x|, y) to it, 0 … 1. */
export function nasolabial(ax: number, y: number, width: number): number {
  if (y > -34 || y < -86) return 0;
  const t = (-38 - y) / 40;
  const line = 19 + 13.5 * t - 2.5 * t * t;
  return bump(ax - line, width) * smoothstep(-34, -44, y) * smoothstep(-86, -70, y);
}

function noseRelief(shape: Shape): Relief {
  const forward = 1 + 0.075 * shape.noseForward;
  const root = 3.6 + 1.3 * shape.noseRoot;
  const hump = 1.25 * shape.noseHump;
  const turn = 1.4 * shape.noseTipTurn;
  const height = curve([
    [14, 0.3],
    [5, root],
    [-6, root + 3.2 + hump * 0.7],
    [-16, 11 + root * 0.45 + hump],
    [-26, 17.2 + root * 0.2 + hump * 0.3],
    [-33 + turn * 0.4, 22],
    [-38 + turn, 23.6],
    [-41.5 + turn, 21.6],
    [-44.5 + turn * 0.8, 16.5],
    [-47.5 + turn * 0.5, 10],
    [-50.5, 4.6],
    [-54, 1.4],
    [-58, 0],
  ]);
  const bridge = 1.08 + 0.12 * shape.noseBridgeWidth;
  const wide = 1.07 + 0.095 * shape.noseWidth;
  const width = curve([
    [14, 12],
    [5, 9.5 * bridge],
    [-8, 9.5 * bridge],
    [-20, 11 * bridge],
    [-30, 12.5 * wide],
    [-38, 13.5 * wide],
    [-46, 14 * wide],
    [-54, 12],
  ]);
  const tip = 2.2 + 0.8 * shape.noseTipSize;
  const wing = 13.2 * wide;
  return (x, y) => {
    if (y > 14 || y < -60) return 0;
    const ax = Math.abs(x);
    const w = width(y);
    // a ridge with rounded flanks
    let z = height(y) * forward * Math.exp(-1.5 * Math.abs(x / w) ** 2);
    z += tip * bump2(x, y + 37 - turn, 9.5, 7);
    z += (6.8 + 0.7 * shape.nostrils) * bump2(ax - wing, y + 41.8, 5.8, 6.4); // the wing
    z -= 1.5 * bump(ax - wing - 6.4 + 0.12 * (y + 42), 2) * bump(y + 42, 8); // the groove behind it
    z -= 1.3 * bump2(ax - 8.4, y + 37, 2.6, 5); // between tip and wing
    z -= 2.6 * bump2(ax - 7, y + 47.5, 3.4, 2.4); // the nostril
    return z;
  };
}

function eyeRelief(shape: Shape): Relief {
  const depth = 6.6 + 1.1 * shape.eyeDepth;
  const ridge = 2.2 + 1.15 * shape.browRidge;
  const brow = 17 + 1.2 * shape.browHeight;
  const bags = clamp(0.5 + 0.55 * shape.eyeBags, -0.3, 2.2);
  const fullLid = smoothstep(0, 1.5, shape.epicanthus);
  return (x, y) => {
    if (y > 48 || y < -42) return 0;
    const ax = Math.abs(x);
    let z = ridge * bump2(ax - 25, y - brow, 19, 7.5);
    z += ridge * 0.5 * bump2(x, y - brow + 1, 13, 8); // glabella
    z -= depth * bump2(ax - 31, y - 1.5, 16, 11.5);
    z -= 3.2 * bump2(ax - 16.5, y - 3, 5.5, 8); // inner corner
    z += (1.4 + 1.8 * fullLid) * bump2(ax - 34, y - 9.5, 13, 4); // flesh under the brow
    z += bags * bump2(ax - 30, y + 11.5, 12, 3.4);
    z -= (0.6 + bags * 0.5) * bump2(ax - 25, y + 16 - 0.22 * (ax - 25), 12, 2.8); // tear trough
    return z;
  };
}

function mouthRelief(shape: Shape): Relief {
  const { upper, lower } = lips(shape);
  const forward = 1.6 + 0.85 * shape.lipForward;
  const fullUp = 2.5 + 0.55 * shape.upperLip;
  const fullLow = 3.1 + 0.6 * shape.lowerLip;
  return (x, y) => {
    if (y > -44 || y < -100 || Math.abs(x) > 60) return 0;
    const ax = Math.abs(x);
    let z = forward * bump2(x, y + 63, 27, 17);
    z -= 1.1 * bump(x, 2.6) * smoothstep(-48, -52, y) * smoothstep(-64, -58, y); // philtrum
    z += 0.6 * bump(ax - 4.8, 2.2) * smoothstep(-48, -52, y) * smoothstep(-66, -58, y);
    const within = smoothstep(mouthHalf + 2, mouthHalf - 5, ax);
    const above = y - mouthLine;
    if (above >= 0) {
      const t = above / Math.max(1.5, upper(x));
      if (t < 1.5) z += fullUp * within * Math.sin(Math.PI * clamp(t / 1.5) ** 0.75);
    } else {
      const t = -above / Math.max(1.5, lower(x));
      if (t < 1.35) z += fullLow * within * Math.sin(Math.PI * clamp(t / 1.35) ** 0.8);
    }
    z -= 2.4 * bump(above, 1.5) * smoothstep(mouthHalf + 3, mouthHalf - 3, ax); // where they meet
    z -= 1.8 * bump2(ax - mouthHalf - 1.5, above, 4, 4); // the corner
    z -= 2.1 * bump2(x, y + 82.5, 17, 4.2); // above the chin
    return z;
  };
}

function cheekRelief(shape: Shape, age: number): Relief {
  const sag = clamp((age - 30) / 45);
  const fold = 0.35 + 1.2 * sag;
  return (x, y) => {
    const ax = Math.abs(x);
    let z = (3 + 1.3 * shape.cheekboneForward) * bump2(ax - 42, y + 20, 17, 12);
    z += (-0.6 + 2.2 * shape.cheekFullness) * bump2(ax - 42, y + 48, 17, 17);
    z += 1.6 * sag * bump2(ax - 38, y + 74, 11, 13); // jowls
    z -= fold * nasolabial(ax, y, 2.6);
    z += fold * 0.8 * nasolabial(ax - 5, y, 4.5);
    z -= (1 + 0.9 * shape.templeHollow) * bump2(ax - 60, y - 26, 11, 17);
    z += (4 + 1.7 * shape.chinForward) * bump2(x, y + 98, 17 + 3 * shape.chinWidth, 9.5);
    z -= clamp(shape.chinCleft - 0.8, 0, 2) * 1.3 * bump2(x, y + 98, 2.2, 6);
    z += clamp(0.6 + shape.doubleChin, 0, 3) * 4 * bump2(x, y + 119, 34, 7);
    return z;
  };
}

/** The face's relief of a shape over the average head. */
export function relief(shape: Shape, age: number): Relief {
  const parts = [noseRelief(shape), eyeRelief(shape), mouthRelief(shape), cheekRelief(shape, age)];
  return (x, y) => {
    let z = 0;
    for (const part of parts) z += part(x, y);
    return z;
  };
}
