import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { decodeImage } from '../../../src/main/images/decode.ts';
import { probeImage } from '../../../src/main/images/probe.ts';
import { configureImages } from '../../../src/main/images/setup.ts';
import { thumbnail } from '../../../src/main/images/thumbnail.ts';
import { type NastyImage, nastyImages, orientedJpeg, plainJpeg } from '../../support/nasty-images.ts';
import { largestDifference, pixelAt } from '../../support/patterns.ts';
import { quadrants, testPicture, toJpeg, toPng, toSharp } from '../../support/pictures.ts';

configureImages();
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let dir = '';
let nasty: readonly NastyImage[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lineament-'));
  nasty = await nastyImages();
});
afterAll(() => rm(dir, { recursive: true }));

const codeOf = (thrown: unknown): string => (thrown instanceof LineamentError ? thrown.code : String(thrown));

describe('every troublesome file', () => {
  it('is decoded or refused with its reason and name, from bytes and from disk alike', async () => {
    const wrong: string[] = [];
    for (const [i, file] of nasty.entries()) {
      const path = join(dir, `${i} ${file.name}`);
      await writeFile(path, file.bytes);
      for (const input of [path, file.bytes]) {
        const outcome = await decodeImage(input, { name: file.name }).then(
          (image) => `${image.width}×${image.height}`,
          (thrown) => `${codeOf(thrown)} ${thrown instanceof LineamentError ? thrown.values['path'] : ''}`,
        );
        const { expect: wanted } = file;
        const right =
          typeof wanted === 'string' ? `${wanted} ${file.name}` : `${wanted.width}×${wanted.height}`;
        if (outcome !== right) wrong.push(`${file.name}: ${outcome}, not ${right}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is probed with the size that it is decoded to', async () => {
    for (const file of nasty) {
      if (typeof file.expect === 'string') continue;
      const { width, height } = await probeImage(file.bytes);
      expect({ name: file.name, width, height }).toEqual({ name: file.name, ...file.expect });
    }
  });

  it('shows damage in its thumbnail too', async () => {
    for (const file of nasty) {
      const outcome = await thumbnail(file.bytes, 32).then(
        (bytes) => sharp(bytes).metadata(),
        (thrown) => codeOf(thrown),
      );
      if (typeof file.expect === 'string') expect(outcome, file.name).toBe(file.expect);
      else expect(outcome, file.name).toMatchObject({ format: 'jpeg' });
    }
  });
});

describe('colours', () => {
  const picture = testPicture(3, 60, 40);
  const decode = async (image: Sharp) => decodeImage(new Uint8Array(await image.toBuffer()));

  it('of lossless eight-bit files are the same', async () => {
    for (const image of [toSharp(picture).png(), toSharp(picture).tiff({ compression: 'lzw' })]) {
      expect(largestDifference(await decode(image), picture)).toBe(0);
    }
  });

  it('of 16 bits are scaled to 8', async () => {
    const raw = { width: 2, height: 1, channels: 3 } as const;
    const values = new Uint16Array([0, 32896, 65535, 257, 25700, 51400]); // 257 times 0, 128, 255, 1, 100, 200
    const png = sharp(values, { raw }).toColourspace('rgb16').png();
    expect([...(await decode(png)).data]).toEqual([0, 128, 255, 1, 100, 200]);
  });

  it('of CMYK come near the original', async () => {
    const flat = toSharp(quadrants(64, 64)).modulate({ saturation: 0.4 });
    const target = await decode(flat.clone().png());
    const cmyk = await decode(flat.clone().toColourspace('cmyk').jpeg({ quality: 100 }));
    for (const [x, y] of [
      [16, 16],
      [48, 16],
      [16, 48],
      [48, 48],
    ] as const) {
      const there = pixelAt(cmyk, x, y);
      // An inverted or untransformed CMYK is off by 100 and more.
      pixelAt(target, x, y).forEach((value, c) => {
        expect(Math.abs(value - (there[c] ?? 0))).toBeLessThan(45);
      });
    }
  });

  it('follow the colour profile', async () => {
    const p3 = await decode(toSharp(picture).withIccProfile('p3').png());
    expect(largestDifference(p3, picture)).toBeLessThan(8);
    // The stored numbers are others, so that ignoring the profile would show.
    const stored = await sharp(await toSharp(picture).withIccProfile('p3').png().toBuffer(), {
      ignoreIcc: true,
    })
      .raw()
      .toBuffer();
    expect(largestDifference({ ...picture, data: stored }, picture)).toBeGreaterThan(12);
  });

  it('lie over white where a file is transparent', async () => {
    const raw = { width: 2, height: 1, channels: 4 } as const;
    const clear = sharp(new Uint8Array([200, 0, 0, 0, 200, 0, 0, 255]), { raw }).png();
    expect([...(await decode(clear)).data]).toEqual([255, 255, 255, 200, 0, 0]);
  });

  it('are those of the first frame', async () => {
    const gif = nasty.find((file) => file.name === 'moving.gif');
    expect(pixelAt(await decodeImage(gif?.bytes ?? new Uint8Array()), 20, 20)).toEqual([255, 0, 0]);
  });
});

describe('orientation', () => {
  const upright = testPicture(11, 72, 48);
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is turned upright', async (orientation) => {
    const bytes = await orientedJpeg(upright, orientation);
    expect(await probeImage(bytes)).toMatchObject({ width: 72, height: 48, orientation });
    expect(largestDifference(await decodeImage(bytes), upright)).toBeLessThan(12);
    const small = await decodeImage(bytes, { maxSide: 36 });
    expect([small.width, small.height]).toEqual([36, 24]);
    const direct = await decodeImage(await orientedJpeg(upright, 1), { maxSide: 36 });
    expect(largestDifference(small, direct)).toBeLessThan(16);
    const thumb = await sharp(await thumbnail(bytes, 36)).metadata();
    expect([thumb.width, thumb.height, thumb.orientation ?? 1]).toEqual([36, 24, 1]);
  });
});

describe('sizes', () => {
  it('are bounded by maxSide, and small pictures are left as they are', async () => {
    const png = await toPng(testPicture(1, 90, 30));
    expect(await decodeImage(png, { maxSide: 45 })).toMatchObject({ width: 45, height: 15 });
    expect(await decodeImage(png, { maxSide: 200 })).toMatchObject({ width: 90, height: 30 });
  });

  it('of 20,000 pixels are decoded while they are shrunk', async () => {
    const image = await decodeImage(await plainJpeg(20_000, 300), { maxSide: 800 });
    expect(image).toMatchObject({ width: 800, height: 12 });
    expect(pixelAt(image, 400, 6).map((value) => Math.round(value / 8) * 8)).toEqual([64, 128, 192]);
  });

  it('above the limits are refused by the header, with the size', async () => {
    const bytes = await toJpeg(testPicture(1, 100, 80));
    const limits = { streamedPixels: 7999, heldPixels: 1e6, bytes: 1e6 };
    await expect(decodeImage(bytes, { limits })).rejects.toMatchObject({
      code: 'image/too-large',
      values: { width: 100, height: 80 },
    });
    const held = { ...limits, streamedPixels: 8000, heldPixels: 2000 };
    await expect(decodeImage(bytes, { limits: held })).rejects.toMatchObject({ code: 'image/too-large' });
    await expect(decodeImage(bytes, { limits: held, maxSide: 50 })).resolves.toMatchObject({ width: 50 });
    await expect(decodeImage(bytes, { limits: { ...held, bytes: 100 } })).rejects.toMatchObject({
      code: 'image/file-too-large',
    });
  });

  it('of progressive files count as held in memory', async () => {
    const bytes = new Uint8Array(
      await toSharp(testPicture(1, 100, 80))
        .jpeg({ progressive: true })
        .toBuffer(),
    );
    const limits = { streamedPixels: 1e6, heldPixels: 7000, bytes: 1e6 };
    await expect(probeImage(bytes, { limits })).rejects.toMatchObject({ code: 'image/too-large' });
  });
});

describe('files', () => {
  it('that are not there, or are folders, have their own errors', async () => {
    const missing = join(dir, 'no such file.jpg');
    await expect(decodeImage(missing)).rejects.toMatchObject({
      code: 'image/missing',
      values: { path: missing },
    });
    await expect(decodeImage(dir)).rejects.toMatchObject({ code: 'image/unreadable' });
  });

  it('with damaged pixels are refused, those with odd but harmless parts are not', async () => {
    const picture = testPicture(5, 200, 150);
    const damaged = (await toSharp(picture).jpeg({ progressive: true }).toBuffer()).fill(0x55, 1500, 1600);
    await expect(decodeImage(damaged)).rejects.toMatchObject({ code: 'image/damaged' });
    const jpeg = await toJpeg(picture);
    const trailing = new Uint8Array([...jpeg, ...new Uint8Array(500).fill(7)]);
    await expect(decodeImage(trailing)).resolves.toMatchObject({ width: 200 });
    // A JPEG with bytes between the last scan and its end marker: libjpeg warns, every viewer shows it.
    const between = new Uint8Array([...jpeg.subarray(0, -2), 0, 0, 0, 0, 0xff, 0xd9]);
    await expect(decodeImage(between)).resolves.toMatchObject({ width: 200 });
  });
});
