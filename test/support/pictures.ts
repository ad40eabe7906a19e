import sharp, { type Sharp } from 'sharp';
import { type RgbImage, rgbImage } from '../../src/core/base/image.ts';
import { seededRandom } from '../../src/core/base/random.ts';

/** Pictures for tests, made from a seed: a slope of colour, soft blobs and a little noise. No faces. */
export function testPicture(seed: number, width: number, height: number): RgbImage {
  const random = seededRandom(seed);
  const image = rgbImage(width, height);
  const corner = [0, 1, 2].map(() => ({ base: random.int(128), x: random.int(96), y: random.int(96) }));
  const blobs = Array.from({ length: 6 }, () => ({
    x: random.next() * width,
    y: random.next() * height,
    radius: (0.1 + 0.2 * random.next()) * Math.max(width, height),
    colour: [random.int(160) - 80, random.int(160) - 80, random.int(160) - 80],
  }));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const weights = blobs.map((b) => Math.exp(-((x - b.x) ** 2 + (y - b.y) ** 2) / b.radius ** 2));
      const noise = random.int(9) - 4;
      corner.forEach((slope, c) => {
        let value = slope.base + (slope.x * x) / width + (slope.y * y) / height + noise;
        blobs.forEach((blob, i) => {
          value += (blob.colour[c] ?? 0) * (weights[i] ?? 0);
        });
        image.data[at++] = Math.max(0, Math.min(255, Math.round(value)));
      });
    }
  }
  return image;
}

/** Four quadrants of one colour each: red, green / blue, white. Any turn or flip of it is another picture. */
export function quadrants(width: number, height: number): RgbImage {
  const image = rgbImage(width, height);
  const colours = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 255],
  ];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      image.data.set(colours[(y * 2 < height ? 0 : 2) + (x * 2 < width ? 0 : 1)] ?? [], at);
    }
  }
  return image;
}

/** The picture for sharp, to be written in any format. */
export function toSharp(image: RgbImage): Sharp {
  return sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } });
}

export async function toJpeg(image: RgbImage, quality = 90): Promise<Uint8Array> {
  return new Uint8Array(await toSharp(image).jpeg({ quality }).toBuffer());
}

export async function toPng(image: RgbImage): Promise<Uint8Array> {
  return new Uint8Array(await toSharp(image).png().toBuffer());
}

/** A small seeded JPEG: content for tests that care about files rather than pixels. */
export const testJpeg = (seed: number, width = 48, height = 40): Promise<Uint8Array> =>
  toJpeg(testPicture(seed, width, height));
