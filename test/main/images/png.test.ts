import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/core/base/image.ts';
import { encodeCrop } from '../../../src/main/images/encode.ts';
import { readRgbPng } from '../../../src/main/images/png.ts';
import { recompress } from '../../../src/main/images/recompress.ts';
import { softCrop } from '../../support/crop-packs.ts';
import { pngChunk } from '../../support/nasty-images.ts';
import { largestDifference, noisePicture, plainPicture } from '../../support/patterns.ts';

/** A PNG whose rows have these filters in turn, written by the specification's definition. */
function png({ width, height, data }: RgbImage, filters: readonly number[], parts = 1): Uint8Array {
  const row = width * 3;
  const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (data[y * row + x] ?? 0));
  const rows = Buffer.alloc((row + 1) * height);
  for (let y = 0; y < height; y++) {
    const filter = filters[y % filters.length] ?? 0;
    rows[y * (row + 1)] = filter;
    for (let x = 0; x < row; x++) {
      const [a, b, c] = [at(x - 3, y), at(x, y - 1), x < 3 ? 0 : at(x - 3, y - 1)];
      const p = a + b - c;
      const nearest = [a, b, c].sort((m, n) => Math.abs(p - m) - Math.abs(p - n))[0] ?? 0; // a stable sort
      const foretold = [0, a, b, Math.floor((a + b) / 2), nearest][filter] ?? 0;
      rows[y * (row + 1) + 1 + x] = at(x, y) - foretold;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const packed = deflateSync(rows);
  const step = Math.ceil(packed.length / parts);
  const bodies = Array.from({ length: parts }, (_, i) => packed.subarray(i * step, (i + 1) * step));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    ...bodies.map((body) => pngChunk('IDAT', body)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('readRgbPng', () => {
  it.each([[[0]], [[1]], [[2]], [[3]], [[4]], [[4, 3, 2, 1, 0]]])(
    'reads rows of the filters %j',
    (filters) => {
      for (const image of [noisePicture(17, 11), softCrop(1, 2, 24), noisePicture(1, 1)]) {
        const read = readRgbPng(png(image, filters));
        expect(read).toEqual(image);
        expect(readRgbPng(png(image, filters, 3))).toEqual(image);
      }
    },
  );

  it('reads what encodeCrop writes as libvips does', async () => {
    for (const image of [softCrop(3, 4, 112), noisePicture(60, 30), plainPicture(32, [0, 9, 255])]) {
      const bytes = await encodeCrop(image);
      expect(readRgbPng(bytes)).toEqual(image);
      expect([...(await sharp(bytes).raw().toBuffer())]).toEqual([...image.data]);
    }
  });

  it('leaves other pictures to others', async () => {
    const raw = { width: 4, height: 4, channels: 4 } as const;
    const withAlpha = await sharp(new Uint8Array(64), { raw }).png().toBuffer();
    const palette = await sharp(noisePicture(8).data, { raw: { width: 8, height: 8, channels: 3 } })
      .png({ palette: true })
      .toBuffer();
    const interlaced = await sharp(noisePicture(8).data, { raw: { width: 8, height: 8, channels: 3 } })
      .png({ progressive: true })
      .toBuffer();
    const none = [
      new Uint8Array(),
      new Uint8Array(100),
      Buffer.from('not a picture at all, but a text'.repeat(2)),
    ];
    for (const bytes of [withAlpha, palette, interlaced, ...none]) expect(readRgbPng(bytes)).toBeNull();
  });

  it('finds every damaged byte and every cut', () => {
    const image = softCrop(1, 1, 12);
    const bytes = png(image, [4]);
    const accepted: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      try {
        // null: it is given to libvips, which says what it thinks of it
        if (readRgbPng(damaged) !== null) accepted.push(at);
      } catch {}
      if (at < bytes.length - 1 && at >= 33)
        expect(() => readRgbPng(bytes.subarray(0, at))).toThrow(/ends before/);
    }
    expect(accepted).toEqual([]);
  });

  it('refuses a small file that says it is huge', () => {
    const bytes = Uint8Array.from(png(noisePicture(4), [0]));
    const header = Buffer.from(bytes.subarray(16, 29));
    header.writeUInt32BE(4000, 0);
    header.writeUInt32BE(4000, 4);
    bytes.set(pngChunk('IHDR', header), 8);
    expect(() => readRgbPng(bytes)).toThrow('bytes of pixels instead of');
  });
});

describe('recompress', () => {
  it('is the worse the lower the quality, and always the same', async () => {
    const image = softCrop(2, 3, 112);
    const differences = [];
    for (const quality of [90, 60, 30]) {
      const out = await recompress(image, quality);
      expect([out.width, out.height]).toEqual([112, 112]);
      expect(out.data).toEqual((await recompress(image, quality)).data);
      differences.push(out.data.reduce((sum, value, i) => sum + Math.abs(value - (image.data[i] ?? 0)), 0));
    }
    expect(differences).toEqual([...differences].sort((a, b) => a - b));
    expect(new Set(differences).size).toBe(3);
    expect(
      largestDifference(
        await recompress(plainPicture(16, [128, 128, 128]), 50),
        plainPicture(16, [128, 128, 128]),
      ),
    ).toBeLessThanOrEqual(1);
  });
});
