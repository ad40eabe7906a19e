import { bump, bump2, curve, smoothstep } from './numbers.ts';
import type { Shape } from './person.ts';
import type { Vec3 } from './vectors.ts';

/** A place of the average head → the same place of a person's head, both in millimetres. */
export type Proportions = (x: number, y: number, z: number) => Vec3;

export function proportions(shape: Shape): Proportions {
  const s = shape;
  const nose = 2.5 * s.noseLength + 1.1 * s.faceHeight;
  const mouth = nose + 1.5 * s.philtrum + 1.2 * s.mouthHeight + 0.9 * s.faceHeight;
  const chin = nose * 0.8 + 0.5 * s.philtrum + 2.6 * s.faceHeight + 2.4 * s.chinHeight;
  // with the constants the mean face has its features where the 112 template has them
  const shiftY = curve([
    [118, 4.5 * s.headHeight + 2],
    [60, 2.2 * s.headHeight],
    [24, 0.4 * s.headHeight],
    [6, 0.9],
    [-6, 0.9],
    [-48, -nose - 1],
    [-67, -mouth - 5],
    [-84, -(mouth + chin) / 2 - 5.2],
    [-110, -chin - 4.5],
    [-215, -chin - 4.5],
  ]);
  const head = 0.038 * s.headWidth;
  const cheek = 0.022 * s.cheekboneWidth;
  const jaw = 0.05 * s.jawWidth;
  const widen = curve([
    [118, head],
    [42, head],
    [20, head],
    [0, head + cheek * 0.6],
    [-20, head + cheek],
    [-48, head + cheek * 0.5 + jaw * 0.4],
    [-67, head + jaw * 0.8],
    [-84, head + jaw * 1.1],
    [-105, head + jaw],
    [-118, 0.03 * s.neckWidth + jaw * 0.4],
    [-135, 0.055 * s.neckWidth],
    [-215, 0.055 * s.neckWidth],
  ]);
  const eyes = 1.6 * s.eyeDistance;
  const mouthWiden = 0.075 * s.mouthWidth;
  const chinWiden = 0.05 * s.chinWidth;
  return (x, y, z) => {
    const ax = Math.abs(x);
    let px = x * (1 + widen(y) * smoothstep(6, 55, ax));
    px += eyes * Math.tanh(x / 12) * bump2(ax - 31, y - 4, 26, 20);
    px += mouthWiden * x * bump(y + 67, 12) * bump(ax, 38);
    px += chinWiden * x * bump(y + 100, 16) * bump(ax, 40);
    px += 0.7 * s.skewNose * bump2(x, y + 32, 16, 20) + 0.8 * s.skewMouth * bump2(x, y + 70, 34, 20);
    let py = y + shiftY(y);
    // brows' and eyes' sides are never quite level
    py += 0.45 * s.skewEyes * Math.tanh(x / 14) * bump(y, 16);
    py -= 1.6 * s.jawAngle * bump2(ax - 55, y + 70, 16, 18);
    // a mouth at rest hangs a little at its corners
    py += (0.9 * s.mouthCorners - 1) * bump2(ax - 26, y + 67, 11, 9);
    let pz = z > 0 ? z : z * (1 + 0.035 * s.headDepth);
    pz -= 2.4 * s.foreheadSlope * smoothstep(18, 70, y) * smoothstep(-20, 50, z);
    return [px, py, pz];
  };
}
