import { noise } from './noise.ts';
import { bump, clamp, curve, mix, smoothstep } from './numbers.ts';
import type { Person } from './person.ts';

/** The middle line of a brow and half its thickness, by |x| on the average head, in millimetres. */
export interface Brow {
  readonly inner: number;
  readonly outer: number;
  readonly y: (ax: number) => number;
  readonly half: (ax: number) => number;
}

export function brow({ shape }: Person): Brow {
  const inner = Math.max(4.5, 11 + 1.7 * shape.browGap);
  const outer = 49.5 + 2 * shape.browLength;
  const base = 17.2 + 1.5 * shape.browHeight;
  const arch = 3.2 + 1.35 * shape.browArch;
  const tilt = 0.4 + 0.8 * shape.browTilt;
  const line = curve([
    [0, base - 0.8 - tilt],
    [0.3, base + arch * 0.5 - tilt * 0.4],
    [0.62, base + arch + tilt * 0.5],
    [0.8, base + arch * 0.7 + tilt],
    [1, base - 1.6 + tilt * 1.6],
  ]);
  const thick = (1 + 0.24 * shape.browThickness) * 2.7;
  const width = curve([
    [0, 0.75],
    [0.15, 1.08],
    [0.55, 0.95],
    [0.8, 0.6],
    [1, 0.22],
  ]);
  const along = (ax: number): number => clamp((ax - inner) / (outer - inner));
  return {
    inner,
    outer,
    y: (ax) => line(along(ax)),
    half: (ax) => Math.max(0.8, thick * width(along(ax))),
  };
}

/** How much of the skin at (x, y) brow hair covers, 0 … 1. */
export function browCover(person: Person, shape: Brow): (x: number, y: number) => number {
  const density = person.hair.browDensity;
  const { seed } = person;
  const skew = 0.8 * person.shape.skewBrows;
  return (x, y) => {
    const ax = Math.abs(x);
    if (y < 4 || y > 40 || ax < shape.inner - 5 || ax > shape.outer + 4) return 0;
    const t = (y - shape.y(ax) - (x > 0 ? skew : 0)) / shape.half(ax);
    if (Math.abs(t) > 1.6) return 0;
    const s = (ax - shape.inner) / (shape.outer - shape.inner);
    // hairs rise at the inner end and lie down towards the tail
    const angle = mix(1.15, 0.12, smoothstep(-0.05, 0.45, s)) - 0.5 * smoothstep(0.5, 1, s);
    const across = -ax * Math.sin(angle) + y * Math.cos(angle);
    const along = ax * Math.cos(angle) + y * Math.sin(angle);
    const hairs =
      noise(across * 1.9, along * 0.22, seed + 11) * 0.65 +
      noise(across * 4.1, along * 0.3, seed + 12) * 0.35;
    const edge = smoothstep(1.35, 0.35, Math.abs(t)) * smoothstep(-0.09, 0.1, s) * smoothstep(1.06, 0.9, s);
    return clamp(edge * density * (0.25 + 1.35 * smoothstep(0.2, 0.75, hairs)) * (0.9 + 0.25 * bump(t, 0.6)));
  };
}
