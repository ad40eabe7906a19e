import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/main/images/decode.ts';
import { probeImage } from '../../../src/main/images/probe.ts';

const ascii = (text: string, ...bytes: number[]): Uint8Array =>
  new Uint8Array([...new TextEncoder().encode(text), ...bytes]);

const pixels = async (bytes: Uint8Array): Promise<number[]> => [...(await decodeImage(bytes)).data];

describe('PBM, PGM and PPM', () => {
  it('are read in all six kinds', async () => {
    expect(await pixels(ascii('P1\n# a comment\n2 2\n1 0\n01'))).toEqual(
      [0, 255, 255, 0].flatMap((v) => [v, v, v]),
    );
    expect(await pixels(ascii('P2 2 1 15 0 15'))).toEqual([0, 0, 0, 255, 255, 255]);
    expect(await pixels(ascii('P3 1 2 255\n1 2 3\n4 5 6\n'))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await pixels(ascii('P4 9 1 ', 0b10000000, 0b10000000))).toEqual(
      [0, 255, 255, 255, 255, 255, 255, 255, 0].flatMap((v) => [v, v, v]),
    );
    expect(await pixels(ascii('P5\n2 1\n255\n', 7, 200))).toEqual([7, 7, 7, 200, 200, 200]);
    expect(await pixels(ascii('P6 1 1 65535\n', 255, 255, 128, 128, 0, 0))).toEqual([255, 128, 0]);
  });

  it('that end early or have no size are refused', async () => {
    await expect(decodeImage(ascii('P5 4 4 255\n', 1, 2, 3))).rejects.toMatchObject({
      code: 'image/truncated',
    });
    await expect(decodeImage(ascii('P2 2 2 255\n1 2     3 '))).rejects.toMatchObject({
      code: 'image/truncated',
    });
    await expect(decodeImage(ascii('P5 0 4 255\n'))).rejects.toMatchObject({ code: 'image/damaged' });
    await expect(decodeImage(ascii('P6 90000 90000 255\n'))).rejects.toMatchObject({
      code: 'image/too-large',
    });
  });
});

interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** Palette or masks. */
  readonly table?: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

/** A BMP as the file format's description lays it out: 14 bytes, 40 bytes, table, rows padded to four bytes. */
function bmp({ width, height, bits, compression = 0, table = [], rows }: Bitmap): Uint8Array {
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(54 + table.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  const body = rows.map((row) => [...row, ...new Array<number>((4 - (row.length % 4)) % 4).fill(0)]);
  return new Uint8Array([...header, ...table, ...body.flat()]);
}

describe('BMP', () => {
  it('is read at 24 bits, from the bottom up or from the top', async () => {
    const rows = [
      [3, 2, 1, 6, 5, 4],
      [9, 8, 7, 12, 11, 10],
    ];
    const down = bmp({ width: 2, height: -2, bits: 24, rows });
    expect(await pixels(down)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const up = bmp({ width: 2, height: 2, bits: 24, rows });
    expect(await pixels(up)).toEqual([7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]);
    expect(await probeImage(up)).toMatchObject({ format: 'bmp', width: 2, height: 2, bits: 8 });
  });

  it('is read with palettes of 1, 4 and 8 bits', async () => {
    const table = [0, 0, 255, 0, 0, 255, 0, 0]; // red, green as blue, green, red, 0
    const both = [255, 0, 0, 0, 255, 0];
    const full = (bits: number): number[] => [...table, ...new Array<number>(2 ** bits * 4 - 8).fill(0)];
    expect(await pixels(bmp({ width: 2, height: 1, bits: 1, table, rows: [[0b01000000]] }))).toEqual(both);
    expect(await pixels(bmp({ width: 2, height: 1, bits: 4, table: full(4), rows: [[0x01]] }))).toEqual(both);
    expect(await pixels(bmp({ width: 2, height: 1, bits: 8, table: full(8), rows: [[0, 1]] }))).toEqual(both);
  });

  it('is read at 16 and 32 bits, with masks', async () => {
    expect(await pixels(bmp({ width: 1, height: 1, bits: 16, rows: [[0x1f, 0x7c]] }))).toEqual([255, 0, 255]);
    expect(await pixels(bmp({ width: 1, height: 1, bits: 32, rows: [[3, 2, 1, 0]] }))).toEqual([1, 2, 3]);
    const table = [0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0]; // red in the highest byte, then green, then blue
    const masked = bmp({ width: 1, height: 1, bits: 32, compression: 3, table, rows: [[0, 3, 2, 1]] });
    expect(await pixels(masked)).toEqual([1, 2, 3]);
  });

  it('that ends early or is compressed is refused', async () => {
    const whole = bmp({
      width: 2,
      height: 2,
      bits: 24,
      rows: [
        [1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6],
      ],
    });
    await expect(decodeImage(whole.subarray(0, -8))).rejects.toMatchObject({ code: 'image/truncated' });
    await expect(decodeImage(whole.subarray(0, 30))).rejects.toMatchObject({ code: 'image/truncated' });
    const packed = bmp({ width: 2, height: 2, bits: 8, compression: 1, rows: [[0, 0]] });
    await expect(decodeImage(packed)).rejects.toMatchObject({ code: 'image/unsupported-format' });
    const huge = bmp({ width: 90_000, height: 90_000, bits: 24, rows: [] });
    await expect(decodeImage(huge)).rejects.toMatchObject({ code: 'image/too-large' });
  });
});
