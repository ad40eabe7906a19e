import { type RgbImage, rgbImage } from '../../src/core/base/image.ts';
import { seededRandom } from '../../src/core/base/random.ts';

/** Any colours, each pixel by chance. */
export function noisePicture(width: number, height: number = width, seed = 1): RgbImage {
  const random = seededRandom(seed);
  return rgbImage(
    width,
    height,
    new Uint8Array(width * height * 3).map(() => random.int(256)),
  );
}

export function plainPicture(side: number, colour: readonly [number, number, number]): RgbImage {
  return rgbImage(
    side,
    side,
    new Uint8Array(side * side * 3).map((_, i) => colour[i % 3] ?? 0),
  );
}

export function copyOf({ width, height, data }: RgbImage): RgbImage {
  return rgbImage(width, height, data.slice());
}

export function pixelAt({ width, data }: RgbImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** The largest difference of two pictures' numbers. */
export function largestDifference(a: RgbImage, b: { readonly data: ArrayLike<number> }): number {
  if (a.data.length !== b.data.length) return Number.POSITIVE_INFINITY;
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] ?? 0))), 0);
}

/** A picture of numbers that aren't rounded, each by a function of place and channel: [height, width, 3]. */
export function computed(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): { readonly data: Float64Array } {
  const data = new Float64Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = value(x, y, c);
    }
  }
  return { data };
}
