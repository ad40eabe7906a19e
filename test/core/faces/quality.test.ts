import { describe, expect, it } from 'vitest';
import { type RgbImage, rgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { poseOf } from '../../../src/core/faces/pose.ts';
import { alignmentError, overallQuality, qualityOf } from '../../../src/core/faces/quality.ts';
import { identity } from '../../../src/core/faces/similarity.ts';
import { template112 } from '../../../src/core/faces/template.ts';

const degrees = Math.PI / 180;

/** A head in millimetres of its own: eyes, nose, mouth; turned and seen from far away. */
function seen(yaw: number, pitch: number, roll: number): number[] {
  const head = [
    [-31.5, 0, 0],
    [31.5, 0, 0],
    [0, 36, 30],
    [-26, 72.5, 6],
    [26, 72.5, 6],
  ];
  return head.flatMap(([x = 0, y = 0, z = 0]) => {
    // nod, then shake, then tilt; z towards the camera, y down
    const [y1, z1] = [y * Math.cos(pitch) - z * Math.sin(pitch), y * Math.sin(pitch) + z * Math.cos(pitch)];
    const x2 = x * Math.cos(yaw) + z1 * Math.sin(yaw);
    return [
      300 + 2 * (x2 * Math.cos(roll) - y1 * Math.sin(roll)),
      200 + 2 * (x2 * Math.sin(roll) + y1 * Math.cos(roll)),
    ];
  });
}

describe('poseOf', () => {
  it('sees a frontal face as frontal', () => {
    const { yaw, pitch, roll } = poseOf(template112);
    for (const angle of [yaw, pitch, roll]) expect(Math.abs(angle)).toBeLessThan(3);
  });

  it('finds the angles of a head again', () => {
    for (const yaw of [-50, -20, 0, 30, 60])
      for (const pitch of [-25, 0, 20])
        for (const roll of [-70, 0, 15, 120]) {
          const pose = poseOf(seen(yaw * degrees, pitch * degrees, roll * degrees));
          expect(Math.abs(pose.yaw - yaw)).toBeLessThan(6);
          expect(Math.abs(pose.pitch - pitch)).toBeLessThan(6);
          expect(Math.abs(pose.roll - roll)).toBeLessThan(6);
        }
  });

  it('gives zeros for points without a face', () => {
    expect(poseOf(Array(10).fill(5))).toEqual({ yaw: 0, pitch: 0, roll: 0 });
  });
});

/** A crop of random patches, blurred by averaging over (2·radius + 1)² pixels. */
function crop(radius: number, gain = 1, plus = 0): RgbImage {
  const random = seededRandom(4);
  const side = 112;
  const base = Float64Array.from({ length: side * side }, () => random.int(256));
  const image = rgbImage(side, side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      let sum = 0;
      let n = 0;
      for (let v = Math.max(0, y - radius); v <= Math.min(side - 1, y + radius); v++)
        for (let u = Math.max(0, x - radius); u <= Math.min(side - 1, x + radius); u++) {
          sum += base[v * side + u] ?? 0;
          n++;
        }
      image.data.fill(
        Math.max(0, Math.min(255, (sum / n) * gain + plus)),
        (y * side + x) * 3,
        (y * side + x) * 3 + 3,
      );
    }
  return image;
}

const box = { x: 0, y: 0, width: 90, height: 110 };

describe('qualityOf', () => {
  it('falls with blur and not with light', () => {
    const sharp = [0, 1, 2, 4, 8].map((radius) => qualityOf(crop(radius), box, template112).sharpness);
    expect([...sharp].sort((a, b) => b - a)).toEqual(sharp);
    const dim = qualityOf(crop(1, 0.6, 20), box, template112);
    expect(Math.abs(dim.sharpness - (sharp[1] ?? 0))).toBeLessThan(0.02);
  });

  it('measures brightness, contrast and size', () => {
    const flat = rgbImage(112, 112, new Uint8Array(112 * 112 * 3).fill(51));
    const quality = qualityOf(flat, box, template112);
    expect(quality.brightness).toBeCloseTo(0.2, 6);
    expect(quality.contrast).toBeCloseTo(0, 6);
    expect(quality.sharpness).toBe(0);
    expect(quality.overall).toBe(0);
    expect(quality.size).toBe(90);
  });

  it('puts all into one number between 0 and 1 that each part can lower', () => {
    const good = { sharpness: 0.9, brightness: 0.5, contrast: 0.2, yaw: 0, pitch: 0, roll: 0, size: 150 };
    const best = overallQuality(good);
    expect(best).toBeGreaterThan(0.7);
    expect(best).toBeLessThanOrEqual(1);
    const worse = [
      { sharpness: 0.2 },
      { brightness: 0.98 },
      { contrast: 0.02 },
      { yaw: 70 },
      { pitch: 60 },
      { size: 20 },
    ];
    for (const change of worse) expect(overallQuality({ ...good, ...change })).toBeLessThan(0.75 * best);
    expect(overallQuality({ ...good, roll: 90 })).toBe(best); // alignment takes the roll away
  });
});

describe('alignmentError', () => {
  it('is the distance from the template', () => {
    expect(alignmentError(template112, identity)).toBe(0);
    expect(alignmentError(template112, { ...identity, tx: 3, ty: 4 })).toBeCloseTo(5, 9);
  });
});
