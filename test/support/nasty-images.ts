import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { ErrorCode } from '../../src/core/base/errors.ts';
import { type RgbImage, rgbImage } from '../../src/core/base/image.ts';
import { quadrants, testPicture, toJpeg, toPng, toSharp } from './pictures.ts';

/** A file that an import meets: what it holds and what must become of it. */
export interface NastyImage {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Pixels of the upright picture, or the error. */
  readonly expect: { readonly width: number; readonly height: number } | ErrorCode;
}

/**
 * Stores an upright picture as a camera would with this EXIF orientation: the table says on which side of the
 * upright picture the first stored row and the first stored column lie (EXIF 2.32, tag 274).
 */
export function storedAs(upright: RgbImage, orientation: number): RgbImage {
  const { width, height } = upright;
  const sides = ['tl', 'tr', 'br', 'bl', 'lt', 'rt', 'rb', 'lb'][orientation - 1] ?? 'tl';
  const turned = orientation > 4;
  const stored = rgbImage(turned ? height : width, turned ? width : height);
  const place = (side: string | undefined, i: number): Partial<{ x: number; y: number }> => {
    if (side === 't') return { y: i };
    if (side === 'b') return { y: height - 1 - i };
    return side === 'l' ? { x: i } : { x: width - 1 - i };
  };
  for (let row = 0, at = 0; row < stored.height; row++) {
    for (let column = 0; column < stored.width; column++, at += 3) {
      const { x = 0, y = 0 } = { ...place(sides[0], row), ...place(sides[1], column) };
      const from = (y * width + x) * 3;
      stored.data.set(upright.data.subarray(from, from + 3), at);
    }
  }
  return stored;
}

export async function orientedJpeg(upright: RgbImage, orientation: number): Promise<Uint8Array> {
  const stored = toSharp(storedAs(upright, orientation)).withMetadata({ orientation });
  return new Uint8Array(await stored.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer());
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A PNG of a few hundred bytes that claims any number of pixels. */
export function pngBomb(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // eight bits, RGB
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = pngChunk('IDAT', deflateSync(Buffer.alloc(4096)));
  const end = pngChunk('IEND', new Uint8Array());
  return new Uint8Array(Buffer.concat([signature, pngChunk('IHDR', header), data, end]));
}

/** A grey JPEG of any size in little memory; 20,000 pixels wide takes a quarter of a second per 2,000 rows. */
export async function plainJpeg(width: number, height: number): Promise<Uint8Array> {
  const create = { width, height, channels: 3, background: '#4080c0' } as const;
  return new Uint8Array(await sharp({ create, limitInputPixels: false }).jpeg({ quality: 50 }).toBuffer());
}

/** Frames one below the other, as sharp takes animations: the first is red, the second blue. */
async function animation(format: 'gif' | 'webp'): Promise<Uint8Array> {
  const frames = rgbImage(40, 60);
  for (let i = 0; i < frames.data.length; i += 3) frames.data[i < frames.data.length / 2 ? i : i + 2] = 255;
  const raw = { width: 40, height: 60, channels: 3, pageHeight: 30 } as const;
  return new Uint8Array(await sharp(frames.data, { raw }).toFormat(format, { loop: 0 }).toBuffer());
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Files of every troublesome kind. Names hold spaces, accents in two forms, other scripts, emoji, a line end. */
export async function nastyImages(): Promise<readonly NastyImage[]> {
  const picture = testPicture(7, 120, 90);
  const size = { width: 120, height: 90 };
  const jpeg = await toJpeg(picture);
  const png = await toPng(picture);
  const bytes = async (image: Sharp): Promise<Uint8Array> => new Uint8Array(await image.toBuffer());
  const webp = await bytes(toSharp(picture).webp());
  const half = (whole: Uint8Array): Uint8Array => whole.subarray(0, whole.length >> 1);
  const of = (name: string, content: Uint8Array, expect: NastyImage['expect'] = size): NastyImage => ({
    name,
    bytes: content,
    expect,
  });
  const alpha = toSharp(picture).ensureAlpha(0.5);
  const turned = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((o) => orientedJpeg(quadrants(64, 32), o)));
  return [
    of('cut.jpg', half(jpeg), 'image/truncated'),
    of('cut.png', half(png), 'image/truncated'),
    of('cut.webp', half(webp), 'image/truncated'),
    of('cut.gif', half(await bytes(toSharp(picture).gif())), 'image/truncated'),
    of('cut.tif', half(await bytes(toSharp(picture).tiff({ compression: 'lzw' }))), 'image/truncated'),
    of('cut.avif', half(await bytes(toSharp(picture).avif({ effort: 0 }))), 'image/truncated'),
    of('header only.jpg', jpeg.subarray(0, 20), 'image/truncated'),
    of('empty.jpg', new Uint8Array(), 'image/empty'),
    of('text.jpg', text('This is no picture, whatever its name says.'), 'image/unknown-format'),
    of('page.png', text('<!DOCTYPE html><html><body>404 Not Found</body></html>'), 'image/unknown-format'),
    of('drawing.svg', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/unsupported-format'),
    of('phone.heic', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'image/unsupported-format'),
    of('bomb.png', pngBomb(100_000, 100_000), 'image/too-large'),
    of('claims.png', pngBomb(3000, 2000), 'image/damaged'),
    of('really png.jpg', png),
    of('really jpeg.png', jpeg),
    of('no extension', webp),
    of('cmyk.jpg', await bytes(toSharp(picture).toColourspace('cmyk').jpeg())),
    of('sixteen.png', await bytes(toSharp(picture).toColourspace('rgb16').png())),
    of('sixteen grey.png', await bytes(toSharp(picture).greyscale().toColourspace('grey16').png())),
    of('grey.jpg', await bytes(toSharp(picture).greyscale().jpeg())),
    of('alpha.png', await bytes(alpha.clone().png())),
    of('grey alpha.png', await bytes(alpha.clone().greyscale().png({ compressionLevel: 9 }))),
    of('palette.png', await bytes(toSharp(picture).png({ palette: true, colours: 16 }))),
    of('progressive.jpg', await bytes(toSharp(picture).jpeg({ progressive: true }))),
    of('interlaced.png', await bytes(toSharp(picture).png({ progressive: true }))),
    of('still.tiff', await bytes(toSharp(picture).tiff({ compression: 'deflate' }))),
    of('still.avif', await bytes(toSharp(picture).avif({ effort: 0 }))),
    of('moving.gif', await animation('gif'), { width: 40, height: 30 }),
    of('moving.webp', await animation('webp'), { width: 40, height: 30 }),
    of('wide.jpg', await plainJpeg(20_000, 40), { width: 20_000, height: 40 }),
    ...turned.map((content, i) => of(`turned ${i + 1}.jpg`, content, { width: 64, height: 32 })),
    of('Ünïcödé.jpg', jpeg),
    of('composed \u00e9.jpg', jpeg),
    of('decomposed e\u0301.jpg', jpeg),
    of('日本語 写真.jpg', jpeg),
    of('party 🎉👩‍👩‍👧.jpg', jpeg),
    of('two\nlines.jpg', jpeg),
    of(' leading and trailing .jpg', jpeg),
    of('brackets [1].jpg', jpeg),
    of('photo.jpg[2]', jpeg),
    of("quote ' and % and #.jpg", jpeg),
  ];
}

/** Writes the files, and beside them links out of the folder, in a circle and into the void. */
export async function writeNastyFolder(dir: string, outside: string): Promise<readonly NastyImage[]> {
  const files = await nastyImages();
  for (const file of files) {
    const path = join(dir, 'all', file.name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.bytes);
  }
  await symlink(outside, join(dir, 'link outside'));
  await symlink('..', join(dir, 'all', 'link up'));
  await symlink('nowhere.jpg', join(dir, 'all', 'link broken.jpg'));
  await symlink('really png.jpg', join(dir, 'all', 'link inside.jpg'));
  return files;
}
