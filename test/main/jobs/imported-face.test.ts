import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { qualityOf } from '../../../src/core/faces/quality.ts';
import { template112 } from '../../../src/core/faces/template.ts';
import { decodeCrop } from '../../../src/main/images/encode.ts';
import { importedFace } from '../../../src/main/jobs/imported-face.ts';
import { largestDifference } from '../../support/patterns.ts';
import { testPicture } from '../../support/pictures.ts';

describe('a picture that is an aligned crop', () => {
  it('is its own crop, with the template’s points and the quality that a crop of ours has', async () => {
    const picture = testPicture(1, 112, 112);
    const face = await importedFace(picture, 112);
    const crop = await decodeCrop(face.crop);
    expect(largestDifference(crop, picture)).toBe(0);
    expect(face.cropHash).toBe(createHash('sha256').update(face.crop).digest('hex'));
    const box = { x: 0, y: 0, width: 112, height: 112 };
    expect(face).toMatchObject({ box, score: 1, cropSize: 112, points: template112 });
    const { size: _, contrast: __, ...quality } = qualityOf(picture, box, template112);
    expect(face.quality).toEqual(quality);
  });

  it('of another size keeps its pixels, and has its points and box scaled', async () => {
    const picture = testPicture(2, 168, 168);
    const face = await importedFace(picture, 168);
    expect(largestDifference(await decodeCrop(face.crop), picture)).toBe(0);
    expect(face.cropSize).toBe(168);
    expect(face.box).toEqual({ x: 0, y: 0, width: 168, height: 168 });
    for (const [i, value] of face.points.entries()) expect(value).toBeCloseTo(1.5 * (template112[i] ?? 0), 9);
  });

  it('is measured at 112 pixels: a copy of twice the size is as sharp', async () => {
    const small = testPicture(3, 112, 112);
    const data = new Uint8Array(224 * 224 * 3);
    for (let i = 0; i < data.length; i++) {
      const [x, y, c] = [Math.floor(i / 3) % 224, Math.floor(i / 672), i % 3];
      data[i] = small.data[((y >> 1) * 112 + (x >> 1)) * 3 + c] ?? 0;
    }
    const [one, two] = [
      await importedFace(small, 112),
      await importedFace({ width: 224, height: 224, data }, 224),
    ];
    // Blocks of equal pixels, averaged, are the small picture again; sampling it lies a quarter of a pixel beside it.
    expect(two.quality.brightness).toBeCloseTo(one.quality.brightness, 2);
    expect(two.quality.sharpness / one.quality.sharpness).toBeGreaterThan(0.6);
    expect(two.quality.sharpness / one.quality.sharpness).toBeLessThan(1.1);
    expect(two.quality).toMatchObject({ yaw: one.quality.yaw, pitch: one.quality.pitch });
  });

  it('that was shrunk has box and points in the pixels of the whole', async () => {
    const face = await importedFace(testPicture(4, 64, 64), 128);
    expect(face).toMatchObject({ cropSize: 64, box: { x: 0, y: 0, width: 128, height: 128 } });
    expect(face.points[0]).toBeCloseTo((38.2946 * 128) / 112, 9);
  });
});
