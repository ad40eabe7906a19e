import { type RgbImage, rgbImage } from '../base/image.ts';

/** How an array holds pictures. */
export interface PictureArray {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** [3, height, width] where planes are first, otherwise [height, width, 3]. */
  readonly planes: boolean;
  readonly type: 'float32' | 'uint8';
}

const mostSide = 4096;

/** The pictures of an array [count, 3, height, width] or [count, height, width, 3]; null where it is none of them. */
export function pictureArray(shape: readonly number[], type: string): PictureArray | null {
  const [count = 0, one = 0, two = 0, three = 0] = shape;
  const planes = one === 3;
  const [height, width] = planes ? [two, three] : [one, two];
  const element = { float32: 'float32', '<f4': 'float32', '|u1': 'uint8', uint8: 'uint8' }[type];
  if (shape.length !== 4 || count < 1 || (!planes && three !== 3)) return null;
  if (height < 1 || width < 1 || height > mostSide || width > mostSide) return null;
  if (element !== 'float32' && element !== 'uint8') return null;
  return { count, width, height, planes, type: element };
}

/** Bytes of one picture of the array. */
export function bytesOfPicture({ width, height, type }: PictureArray): number {
  return width * height * 3 * (type === 'float32' ? 4 : 1);
}

/**
 * One picture's pixels. face.evoLVe's float32 are (x − 127.5) / 127.5, so that x is exact again; bytes are taken as they are.
 * Colours are blue first, as both have them, unless `rgb` is stated. Numbers beyond the range end at 0 and 255; NaN is 0.
 */
export function pictureOfArray(bytes: Uint8Array, array: PictureArray, rgb = false): RgbImage {
  const { width, height, planes, type } = array;
  const pixels = width * height;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Uint8ClampedArray(pixels * 3);
  for (let i = 0; i < pixels; i++)
    for (let channel = 0; channel < 3; channel++) {
      const from = planes ? channel * pixels + i : i * 3 + channel;
      const value = type === 'float32' ? view.getFloat32(from * 4, true) * 127.5 + 127.5 : (bytes[from] ?? 0);
      out[i * 3 + (rgb ? channel : 2 - channel)] = value;
    }
  return rgbImage(width, height, new Uint8Array(out.buffer));
}
