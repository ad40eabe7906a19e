import sharp from 'sharp';
import type { RgbImage } from '../../core/base/image.ts';
import { plain } from './decode.ts';

/** A photograph as JPEG of a quality of 1 … 100, with colours at half resolution as cameras save them. */
export async function encodePhotograph(
  { width, height, data }: RgbImage,
  quality: number,
): Promise<Uint8Array> {
  const raw = { width, height, channels: 3 } as const;
  return plain(await sharp(data, { raw }).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer());
}
