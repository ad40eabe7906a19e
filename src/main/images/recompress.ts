import sharp from 'sharp';
import { type RgbImage, rgbImage } from '../../core/base/image.ts';
import { plain } from './decode.ts';
import { encodePhotograph } from './encode.ts';

/** The picture after JPEG compression of that quality, 1..100, with colours at half resolution as cameras save them. */
export async function recompress(image: RgbImage, quality: number): Promise<RgbImage> {
  const jpeg = await encodePhotograph(image, quality);
  const out = await sharp(jpeg).raw({ depth: 'uchar' }).toBuffer();
  return rgbImage(image.width, image.height, plain(out));
}
