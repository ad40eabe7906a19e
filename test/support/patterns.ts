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

/** The colour at a place: [red, green, blue]. */
export function pixelAt({ width, data }: RgbImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** Numbers of a picture that need not be rounded: [height, width, 3]. */
export type Numbers = Pick<RgbImage, 'width' | 'height'> & { readonly data: ArrayLike<number> };

/** The largest difference between two pictures' values; infinite where their sizes differ. */
export function largestDifference(a: RgbImage, b: Numbers): number {
  if (a.width !== b.width || a.height !== b.height) return Number.POSITIVE_INFINITY;
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] ?? 0))), 0);
}

/** Each number by a function of place and channel. */
export function computed(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): Numbers & { readonly data: Float64Array } {
  const data = new Float64Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = value(x, y, c);
    }
  }
  return { width, height, data };
}
