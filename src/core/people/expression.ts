import { mouthHalf, mouthLine } from './canon.ts';
import { nasolabial } from './features.ts';
import { bump, bump2, clamp, smoothstep } from './numbers.ts';
import type { Vec3 } from './vectors.ts';

export const expressionModes = ['smile', 'open', 'browsUp', 'frown', 'press'] as const;
export type ExpressionMode = (typeof expressionModes)[number];

/** What a face does at a moment. */
export interface Expression {
  /** 0 at rest … 1 in full, each. */
  readonly modes: Readonly<Record<ExpressionMode, number>>;
  /** Opening of the eyes: 0 closed, 1 at rest, 1.2 wide. */
  readonly eyes: number;
  /** Where the eyes look relative to the head, in degrees: towards the picture's right, and up. */
  readonly gaze: readonly [number, number];
}

type Shift = (x: number, y: number, lower: boolean) => Vec3;

function smile(x: number, y: number): Vec3 {
  const ax = Math.abs(x);
  const side = Math.tanh(x / 6);
  const corner = bump2(ax - 26, y - mouthLine, 15, 12);
  const cheek = bump2(ax - 38, y + 30, 17, 14);
  const lip = bump2(x, y - mouthLine, 20, 10);
  const fold = nasolabial(ax, y, 3);
  return [
    side * (6 * corner + 1.5 * cheek) + side * 1.6 * bump2(ax - 15, y + 43, 7, 7),
    4.6 * corner + 3 * cheek + 0.8 * lip,
    -3.4 * corner + 3.6 * cheek - 1.6 * lip - 1.9 * fold + 1.2 * nasolabial(ax - 6, y, 4),
  ];
}

/** The jaw drops by 15 mm; the lips part, their corners stay. */
function open(x: number, y: number, lower: boolean): Vec3 {
  const ax = Math.abs(x);
  const across = Math.max(0, 1 - (ax / mouthHalf) ** 2) ** 0.75;
  if (!lower) {
    const lift = 1.6 * across * smoothstep(-52, mouthLine, y);
    return [0, lift, 0];
  }
  const jaw = smoothstep(62, 30, ax) * smoothstep(-136, -112, y);
  const down = smoothstep(mouthLine, mouthLine - 15, y);
  const w = across * (1 - down) + jaw * down;
  return [-0.04 * x * jaw, -15 * w, -5 * w];
}

function browsUp(x: number, y: number): Vec3 {
  const w = bump2(Math.abs(x) - 27, y - 19, 27, 11);
  return [0, 5.5 * w, 0.8 * w];
}

function frown(x: number, y: number): Vec3 {
  const ax = Math.abs(x);
  const w = bump2(ax - 15, y - 15, 13, 8);
  return [-2.6 * Math.tanh(x / 6) * w, -3.4 * w, 1.2 * w - 1.3 * bump2(ax - 4.5, y - 17, 1.8, 7)];
}

function press(x: number, y: number): Vec3 {
  const w = bump2(x, y - mouthLine, 24, 11);
  return [-0.02 * x * w, -0.1 * clamp(y - mouthLine, -10, 10) * w, -1.6 * w * bump(y - mouthLine, 9)];
}

const shifts: Readonly<Record<ExpressionMode, Shift>> = { smile, open, browsUp, frown, press };

/** How far `mode` in full moves the face at (x, y), in millimetres; `lower` for the lower lip and what is below it. */
export function expressionShift(mode: ExpressionMode, x: number, y: number, lower: boolean): Vec3 {
  return shifts[mode](x, y, lower);
}
