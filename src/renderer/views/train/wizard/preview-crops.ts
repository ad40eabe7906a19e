import { augment } from '../../../../core/augment/augment.ts';
import type { AugmentOptions } from '../../../../core/augment/options.ts';
import { type RgbImage, rgbImage } from '../../../../core/base/image.ts';
import { seededRandom } from '../../../../core/base/random.ts';

/** A picture of the page's own origin as pixels. */
export async function loadCrop(path: string): Promise<RgbImage> {
  const picture = new Image();
  picture.src = path;
  await picture.decode();
  const { naturalWidth: width, naturalHeight: height } = picture;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the page has no canvas');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const image = rgbImage(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      image.data[pixel * 3 + channel] = data[pixel * 4 + channel] ?? 0;
    }
  }
  return image;
}

/** The crop as training would see it, drawn; the seed decides by how much it is changed. */
export function drawAugmented(
  canvas: HTMLCanvasElement,
  crop: RgbImage,
  options: AugmentOptions,
  size: number,
  seed: number,
): void {
  const { data } = augment(crop, options, size, seededRandom(seed));
  const pixels = new ImageData(size, size);
  for (let pixel = 0; pixel < size * size; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels.data[pixel * 4 + channel] = data[pixel * 3 + channel] ?? 0;
    }
    pixels.data[pixel * 4 + 3] = 255;
  }
  canvas.width = size;
  canvas.height = size;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}
