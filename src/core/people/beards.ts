import { mouthLine } from './canon.ts';
import { lips } from './features.ts';
import type { BeardCut } from './grooming.ts';
import { lattice, noise } from './noise.ts';
import { bump, bump2, clamp, curve, smoothstep } from './numbers.ts';
import type { Person } from './person.ts';

/** Share of hair at (x, y); `soft` blurs the cheeks' edge by as many millimetres. */
type Region = (x: number, y: number, soft: number) => number;

/** Where a beard can grow: cheeks' edge from the sideburn to the mouth, jaw, chin, neck's top, upper lip. */
function grows(person: Person): Region {
  const { upper, lower } = lips(person.shape);
  const cheekEdge = curve([
    [0, -50],
    [18, -49],
    [27, -54],
    [38, -58],
    [50, -47],
    [60, -28],
    [66, -8],
    [71, 10],
  ]);
  return (x, y, soft) => {
    const ax = Math.abs(x);
    const above = y - mouthLine;
    const lip = above >= 0 ? above - upper(x) : -above - lower(x);
    const clear = ax < 25 ? smoothstep(0.2, 1.8, lip) : 1;
    const top = smoothstep(cheekEdge(ax) + 2 + soft, cheekEdge(ax) - 5 - soft, y);
    const under = 1 - 0.75 * bump2(x, y + 80.5, 10, 3.4); // patches beside the tuft below the lip
    const tuft = bump2(x, y + 81, 4, 5);
    return (
      top * clear * Math.max(under, tuft) * smoothstep(-138, -118, y) * (1 - 0.9 * bump2(x, y + 50, 6, 3))
    );
  };
}

const masks: Readonly<Record<BeardCut, Region>> = {
  none: () => 0,
  stubble: () => 1,
  short: () => 1,
  full: () => 1,
  moustache: (x, y) => smoothstep(-72, -66, y) * smoothstep(34, 27, Math.abs(x)),
  goatee: (x, y) => smoothstep(33, 27, Math.abs(x) - 0.06 * (y + 67)),
};

const covers: Readonly<Record<BeardCut, number>> = {
  none: 0,
  stubble: 0.5,
  short: 0.85,
  full: 1,
  moustache: 0.95,
  goatee: 0.92,
};

export interface BeardAt {
  /** How much of the skin hair covers. */
  readonly cover: number;
  /** How much shaved hair darkens it. */
  readonly shadow: number;
  /** Millimetres that the hair stands out. */
  readonly height: number;
}

const bare: BeardAt = { cover: 0, shadow: 0, height: 0 };

export function beard(person: Person): (x: number, y: number) => BeardAt {
  const { cut, shadow, density } = person.beard;
  if (cut === 'none' && shadow === 0) return () => bare;
  const region = grows(person);
  const mask = masks[cut];
  const { seed } = person;
  return (x, y) => {
    if (y > 12 || y < -140) return bare;
    const wide = region(x, y, 11);
    if (wide <= 0.01) return bare;
    const here = cut === 'none' ? 0 : clamp(mask(x, y, 0)) * region(x, y, cut === 'stubble' ? 5 : 1);
    const strands =
      cut === 'stubble'
        ? lattice(Math.floor(x * 2.2), Math.floor(y * 2.2), seed + 21) * 0.9 + 0.2
        : 0.45 +
          0.7 * noise(x * 1.5 + 2 * noise(x * 0.2, y * 0.2, seed), y * 0.4, seed + 22) +
          0.25 * (noise(x * 3.4, y * 0.9, seed + 23) - 0.5);
    const cover = clamp(here * strands * covers[cut] * (0.5 + 0.5 * density) * 1.15);
    const length = cut === 'full' ? 7 : cut === 'stubble' || cut === 'none' ? 0 : 2.5;
    return { cover, shadow: shadow * wide, height: here * length * (0.7 + 0.6 * bump(x, 40)) };
  };
}
