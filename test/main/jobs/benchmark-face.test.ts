import { describe, expect, it } from 'vitest';
import { rgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { applyToPoints } from '../../../src/core/faces/similarity.ts';
import { template112 } from '../../../src/core/faces/template.ts';
import type { Box, Detection } from '../../../src/core/faces/types.ts';
import { decodeCrop } from '../../../src/main/images/encode.ts';
import { benchmarkFace, type FaceFinder } from '../../../src/main/jobs/benchmark-face.ts';

const random = seededRandom(4);
/** Noise, so that every place looks otherwise. */
const image = rgbImage(
  300,
  200,
  Uint8Array.from({ length: 300 * 200 * 3 }, () => random.int(256)),
);
const signal = new AbortController().signal;
const detect = { alignment: 'detect', scale: 1, signal } as const;

/** The template at a place of the picture, and a box around it. */
function faceAt(x: number, y: number, size = 0.5): Detection & { readonly points: readonly number[] } {
  const points = applyToPoints({ a: size, b: 0, tx: x, ty: y, reflect: false }, template112);
  return { box: { x, y, width: 112 * size, height: 112 * size }, score: 0.9, points };
}
const finder = (...found: Detection[]): FaceFinder => ({
  // Only what the job asks of it.
  detector: {
    detect: async () => found,
    close: async () => {},
    card: {},
  } as never,
  landmarks: null,
});
const none = { key: 'a.jpg', box: null, points: null };

describe('the face of a benchmark’s picture', () => {
  const middle = faceAt(120, 70);
  const corner = faceAt(2, 2, 0.7);

  it('is the big one near the middle, where several are found', async () => {
    const face = await benchmarkFace(image, none, { ...detect, finder: finder(corner, middle) });
    expect(face.box).toEqual(middle.box);
    expect(face.points).toEqual(middle.points);
    const crop = await decodeCrop(face.crop);
    expect([crop.width, crop.height, face.cropSize]).toEqual([112, 112, 112]);
  });

  it('is the one that the list’s box means', async () => {
    const box: Box = { x: 0, y: 0, width: 80, height: 80 };
    const face = await benchmarkFace(image, { ...none, box }, { ...detect, finder: finder(middle, corner) });
    expect(face.box).toEqual(corner.box);
    const far: Box = { x: 250, y: 150, width: 40, height: 40 };
    await expect(
      benchmarkFace(image, { ...none, box: far }, { ...detect, finder: finder(middle, corner) }),
    ).rejects.toThrow(/No face was found in a.jpg/);
  });

  it('lies at the list’s points, wherever a detector would find it', async () => {
    const points = middle.points;
    const given = await benchmarkFace(image, { ...none, points }, { ...detect, finder: finder(corner) });
    const found = await benchmarkFace(image, none, { ...detect, finder: finder(middle) });
    expect(given.cropHash).toBe(found.cropHash);
    const flat = new Array<number>(10).fill(7);
    await expect(
      benchmarkFace(image, { ...none, points: flat }, { ...detect, finder: finder() }),
    ).rejects.toMatchObject({
      code: 'face/degenerate-points',
    });
  });

  it('is told in pixels of the whole picture, which may be larger than what was decoded', async () => {
    const twice = { ...detect, scale: 2 };
    const face = await benchmarkFace(image, none, { ...twice, finder: finder(middle) });
    expect(face.box).toEqual({ x: 240, y: 140, width: 112, height: 112 });
    const { points } = face;
    const again = await benchmarkFace(image, { ...none, points }, { ...twice, finder: finder() });
    expect(again.cropHash).toBe(face.cropHash);
  });

  it('is the picture itself, where that is an aligned crop', async () => {
    const aligned = { ...detect, alignment: 'aligned', finder: null } as const;
    const square = rgbImage(112, 112, image.data.slice(0, 112 * 112 * 3));
    const face = await benchmarkFace(square, none, aligned);
    expect((await decodeCrop(face.crop)).data).toEqual(square.data);
    expect(face.points).toEqual(template112);
    await expect(benchmarkFace(image, none, aligned)).rejects.toMatchObject({ code: 'import/not-square' });
  });

  it('is missing where none is found', async () => {
    await expect(benchmarkFace(image, none, { ...detect, finder: finder() })).rejects.toMatchObject({
      code: 'benchmark/no-face',
    });
  });
});
