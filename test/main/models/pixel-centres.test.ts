import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defined } from '../../../src/core/base/assert.ts';
import { type RgbImage, rgbImage } from '../../../src/core/base/image.ts';
import type { DetectorCard, LandmarkCard } from '../../../src/core/contract/model-card.ts';
import { sculpt } from '../../../src/core/people/figure.ts';
import { person } from '../../../src/core/people/person.ts';
import { photograph } from '../../../src/core/people/portrait.ts';
import { shot, usualLimits } from '../../../src/core/people/shot.ts';
import { openDetector } from '../../../src/main/models/detector.ts';
import { openLandmarks } from '../../../src/main/models/landmarks.ts';

const models = fileURLToPath(new URL('../../../resources/models', import.meta.url));
const present = ['mtcnn', 'facemesh-468'].every((id) => existsSync(`${models}/${id}.json`));
const card = (id: string): unknown => JSON.parse(readFileSync(`${models}/${id}.json`, 'utf8'));

/** Every pixel as 2×2 pixels: what had its centre at x has it at 2x + ½. */
function doubled({ width, height, data }: RgbImage): RgbImage {
  const out = rgbImage(2 * width, 2 * height);
  for (let y = 0; y < out.height; y++)
    for (let x = 0; x < out.width; x++) {
      const from = ((y >> 1) * width + (x >> 1)) * 3;
      out.data.set(data.subarray(from, from + 3), (y * out.width + x) * 3);
    }
  return out;
}

function mirrored({ width, height, data }: RgbImage): RgbImage {
  const out = rgbImage(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + width - 1 - x) * 3;
      out.data.set(data.subarray(from, from + 3), (y * width + x) * 3);
    }
  return out;
}

const limits = { ...usualLimits, yaw: 15, pitch: 8, roll: 8, difficulty: 0.2, occlusion: 0 };
const pictures = (count: number): RgbImage[] =>
  Array.from(
    { length: count },
    (_, i) => photograph(sculpt(person(300 + i), 'small'), shot(i, limits), 320, 320).image,
  );

// Points are places of pixels whose centres are at whole numbers. Enlarging and mirroring show where a network's answers have
// their origin: those that count from the picture's edge double, p → 2p, those that count from the first pixel's centre
// go to 2p + ½. Without built models: skipped.
describe.skipIf(!present)('points and the centres of pixels', { timeout: 60_000 }, () => {
  it('landmarks of a doubled picture are at 2p + ½', async () => {
    const network = await openLandmarks(card('facemesh-468') as LandmarkCard, models, { threads: 1 });
    const [image] = pictures(1);
    const box = { x: 82, y: 76, width: 156, height: 180 };
    const once = await network.points(defined(image, 'a picture'), box);
    const twice = await network.points(doubled(defined(image, 'a picture')), {
      x: 2 * box.x,
      y: 2 * box.y,
      width: 2 * box.width,
      height: 2 * box.height,
    });
    await network.close();
    for (let i = 0; i < once.length; i++)
      if (i % 3 < 2) expect(twice[i]).toBeCloseTo(2 * (once[i] ?? 0) + 0.5, 2);
  });

  it('the detector’s points in a mirrored picture are at width − 1 − x, on average', async () => {
    const detector = await openDetector(card('mtcnn') as DetectorCard, models, { threads: 1 });
    const sums: number[] = [];
    for (const image of pictures(12)) {
      const [one] = await detector.detect(image, { minFace: 60 });
      const [other] = await detector.detect(mirrored(image), { minFace: 60 });
      // eyes and mouth's corners change places
      for (const [a, b] of [
        [0, 2],
        [2, 0],
        [4, 4],
        [6, 8],
        [8, 6],
      ] as const)
        sums.push((one?.points?.[a] ?? Number.NaN) + (other?.points?.[b] ?? Number.NaN) - image.width);
    }
    await detector.close();
    expect(sums).toHaveLength(60);
    // −1, and the network itself leans to the right by a third of a pixel; counted from the picture's edge it were one more
    const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length;
    expect(mean).toBeGreaterThan(-1.4);
    expect(mean).toBeLessThan(-0.1);
  });
});
