import sharp from 'sharp';
import { type RgbImage, rgbImage } from '../../core/base/image.ts';
import { plain } from './decode.ts';

/** The picture after JPEG compression of that quality, 1..100, with colours at half resolution as cameras save them. */
export async function recompress({ width, height, data }: RgbImage, quality: number): Promise<RgbImage> {
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: '4:2:0' })
    .toBuffer();
  const out = await sharp(jpeg).raw({ depth: 'uchar' }).toBuffer();
  return rgbImage(width, height, plain(out));
}
