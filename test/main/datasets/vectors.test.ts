import { spawnSync } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { npyHeader, parseNpy, readNpy, writeNpy } from '../../../src/main/datasets/npy.ts';
import { openVectors } from '../../../src/main/datasets/vectors.ts';
import { inFolder } from '../../support/folders.ts';

const rows = (from: number, count: number, width: number): Float32Array =>
  Float32Array.from({ length: count * width }, (_, i) => from * width + i + 0.5);

describe('vectors', () => {
  it('come back by number and by range, also after opening anew', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'models', 'm.f32');
      const vectors = await openVectors(path, 4, 0);
      const firsts = await Promise.all(
        [3, 1, 5].map((n, i) => vectors.append(rows([0, 3, 4][i] ?? 0, n, 4))),
      );
      expect(firsts).toEqual([0, 3, 4]);
      expect(vectors.rows).toBe(9);
      expect(await vectors.read(2, 4)).toEqual(rows(2, 4, 4));
      expect(await vectors.flush()).toBe(9);
      await vectors.close();
      const again = await openVectors(path, 4, 9);
      expect(await again.read(8, 1)).toEqual(rows(8, 1, 4));
      await expect(again.read(8, 2)).rejects.toMatchObject({ code: 'pack/damaged' });
      await again.close();
    }));

  it('lose what was not committed, and refuse a file that lost more', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'm.f32');
      const vectors = await openVectors(path, 3, 0);
      await vectors.append(rows(0, 10, 3));
      await vectors.close();
      const again = await openVectors(path, 3, 6);
      expect(await again.append(rows(6, 1, 3))).toBe(6);
      expect(await again.read(0, 7)).toEqual(rows(0, 7, 3));
      await again.close();
      await truncate(path, 50);
      await expect(openVectors(path, 3, 6)).rejects.toMatchObject({ code: 'pack/damaged' });
      await expect(openVectors(join(dir, 'none.f32'), 3, 1)).rejects.toMatchObject({ code: 'pack/damaged' });
    }));
});

const numpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

describe('.npy files', () => {
  it('have a header that fills 64 bytes and come back', () =>
    inFolder(async (dir) => {
      for (const shape of [[3, 4], [12], [2, 3, 2], [100_000, 512]]) {
        expect(npyHeader(shape).length % 64).toBe(0);
      }
      const path = join(dir, 'e.npy');
      await writeNpy(path, 5, 4, [rows(0, 2, 4), rows(2, 3, 4)]);
      expect(await readNpy(path)).toEqual({ shape: [5, 4], data: rows(0, 5, 4) });
    }));

  it('are laid out byte by byte as the format says', () => {
    const header = Buffer.from(npyHeader([2, 3]));
    expect(header.toString('latin1', 0, 8)).toBe('\x93NUMPY\x01\x00');
    expect(header.readUInt16LE(8)).toBe(118);
    expect(header.toString('latin1', 10)).toBe(
      `${"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117)}\n`,
    );
  });

  it.skipIf(!numpy)('are the same to NumPy', () =>
    inFolder(async (dir) => {
      await writeNpy(join(dir, 'a.npy'), 3, 2, [rows(0, 3, 2)]);
      const script =
        'import numpy as n, sys; a = n.load(sys.argv[1]); assert a.tolist() == [[.5, 1.5], [2.5, 3.5], [4.5, 5.5]]; n.save(sys.argv[2], a * 2)';
      const run = spawnSync('python3', ['-c', script, join(dir, 'a.npy'), join(dir, 'b.npy')]);
      expect(run.stderr.toString()).toBe('');
      expect((await readNpy(join(dir, 'b.npy'))).data).toEqual(new Float32Array([1, 3, 5, 7, 9, 11]));
    }),
  );

  it('of other types, orders and lengths are refused with the reason', () =>
    inFolder(async (dir) => {
      const npy = Buffer.concat([npyHeader([2, 2]), new Uint8Array(16)]);
      const replace = (from: string, to: string): Uint8Array =>
        new Uint8Array(Buffer.from(npy.toString('latin1').replace(from, to), 'latin1'));
      const bad = (bytes: Uint8Array) => () => parseNpy(bytes, 'x.npy');
      expect(bad(replace("'<f4'", "'<f8'"))).toThrow('<f8');
      expect(bad(replace('False, ', 'True , '))).toThrow('Fortran');
      expect(bad(new Uint8Array(npy.subarray(0, -1)))).toThrow('cut off');
      expect(bad(new Uint8Array(20))).toThrow('does not start');
      await writeFile(join(dir, 'x'), 'x');
      await expect(readNpy(join(dir, 'x'))).rejects.toMatchObject({ code: 'vectors/bad-npy' });
      await expect(readNpy(join(dir, 'y'))).rejects.toMatchObject({ code: 'image/missing' });
    }));

  it('leave nothing behind when writing fails', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'e.npy');
      await expect(writeNpy(path, 5, 4, [rows(0, 2, 4)])).rejects.toThrow('8 numbers');
      await expect(readNpy(path)).rejects.toMatchObject({ code: 'image/missing' });
      await expect(readNpy(`${path}.part`)).rejects.toMatchObject({ code: 'image/missing' });
    }));
});
