import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { rgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { writeRgbPng } from '../../../src/main/images/write-png.ts';
import { quadrants, testPicture } from '../../support/pictures.ts';

/** What libvips reads of it. */
async function read(png: Uint8Array) {
  const { data, info } = await sharp(png, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, channels, data: new Uint8Array(data) };
}

describe('PNGs written here', () => {
  it.each([
    ['a photograph', testPicture(1, 112, 112)],
    ['few colours', quadrants(40, 30)],
    ['one pixel', testPicture(2, 1, 1)],
    ['one row', testPicture(3, 9, 1)],
    ['one column', testPicture(4, 1, 9)],
  ])('of %s are read by libvips without a warning, pixel by pixel', async (_, picture) => {
    expect(await read(await writeRgbPng(picture))).toEqual({ ...picture, channels: 3 });
  });

  it('of noise, where every filter wraps around, too', async () => {
    const random = seededRandom(5);
    const noise = rgbImage(31, 17);
    for (let i = 0; i < noise.data.length; i++) noise.data[i] = random.int(256);
    expect(await read(await writeRgbPng(noise))).toEqual({ ...noise, channels: 3 });
  });

  it('are not much larger than libvips’, and carry nothing but pixels', async () => {
    const picture = testPicture(6, 112, 112);
    const png = await writeRgbPng(picture);
    const raw = { width: 112, height: 112, channels: 3 } as const;
    const theirs = await sharp(picture.data, { raw })
      .png({ compressionLevel: 3, adaptiveFiltering: true })
      .toBuffer();
    expect(png.length / theirs.length).toBeLessThan(1.05);
    expect(
      Buffer.from(png)
        .toString('latin1')
        .match(/IHDR|IDAT|IEND|pHYs|tEXt|iCCP|eXIf/g),
    ).toEqual([...['IHDR', 'IDAT', 'IEND']]);
  });
});
