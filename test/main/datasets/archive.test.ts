import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { defaultArchiveLimits } from '../../../src/main/datasets/archive.ts';
import { openSource, type SourceOptions } from '../../../src/main/datasets/open.ts';
import { tarOf, wickedZip, zipOf } from '../../support/archives.ts';
import { damaged } from '../../support/damage.ts';
import { all, inFolder } from '../../support/folders.ts';
import { testJpeg } from '../../support/pictures.ts';
import { summary } from './summary.ts';

vi.setConfig({ testTimeout: 60_000 });
const jpeg = await testJpeg(1);
const text = new TextEncoder().encode('hello');
const good = [
  { name: 'lfw/Ann Lee/1.jpg', bytes: jpeg },
  { name: 'lfw/Bö/2.jpg', bytes: await testJpeg(2) },
  { name: 'lfw/pairs.txt', bytes: text },
  { name: 'lfw/what.xyz', bytes: text },
  { name: 'lfw/.DS_Store', bytes: text },
  { name: '__MACOSX/lfw/Ann Lee/._1.jpg', bytes: text },
];

async function read(bytes: Uint8Array, options?: SourceOptions): Promise<string[]> {
  return inFolder(async (dir) => {
    const path = join(dir, 'archive.dat');
    await writeFile(path, bytes);
    return summary(await openSource(path, options));
  });
}

describe.each([
  ['zip', async () => zipOf(good)],
  ['tar', async () => tarOf(good)],
  ['tar.gz', async () => new Uint8Array(gzipSync(await tarOf(good)))],
] as const)('a %s archive', (_, make) => {
  it('gives the same as its folder would, with the bytes', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'faces');
      await writeFile(path, await make());
      const source = await openSource(path);
      expect(source).toMatchObject({ kind: 'archive', layout: 'identities' });
      expect(await summary(source)).toEqual(['lfw/Ann Lee/1.jpg = Ann Lee', 'lfw/Bö/2.jpg = Bö']);
      expect(source.ignored()).toBe(2);
      const [first] = await all(source.items());
      if (first?.kind !== 'photo' || first.location.type !== 'bytes')
        throw new Error('not a photograph in bytes');
      expect(first.location.bytes).toEqual(jpeg);
      expect(first.size).toBe(jpeg.length);
      expect(new Date(first.modified ?? 0).getUTCFullYear()).toBe(2020);
    }));

  it('that is cut off gives what came before, and the reason', async () => {
    const whole = await make();
    const lines = await read(whole.subarray(0, Math.floor(whole.length * 0.6)));
    expect(lines.at(-1)).toMatch(/^archive\.dat ! archive\/damaged$/);
    expect(lines.length).toBeLessThanOrEqual(3);
  });

  it('may be left before its end', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'faces');
      await writeFile(path, await make());
      const items = (await openSource(path)).items();
      await items.next();
      await items.return(undefined);
      expect(await items.next()).toEqual({ done: true, value: undefined });
    }));
});

describe('a wicked zip', () => {
  it('does no harm: every trick is named, and the rest is imported', async () => {
    const lines = await read(
      wickedZip([
        { name: '../../escape.jpg', bytes: jpeg },
        { name: '/etc/absolute.jpg', bytes: jpeg },
        { name: 'C:\\windows.jpg', bytes: jpeg },
        { name: 'back\\slash.jpg', bytes: jpeg },
        { name: 'link.jpg', bytes: new TextEncoder().encode('/etc/passwd'), symlink: true },
        { name: 'locked.jpg', bytes: jpeg, encrypted: true },
        { name: 'twice.jpg', bytes: jpeg },
        { name: './twice.jpg', bytes: jpeg },
        { name: 'checksum.jpg', bytes: jpeg, crc: 1 },
        { name: 'longer.jpg', bytes: jpeg, size: 10 },
        { name: 'huge.jpg', bytes: jpeg, size: 4_000_000_000 },
        { name: 'last.jpg', bytes: jpeg },
      ]),
    );
    expect(lines).toEqual([
      '../../escape.jpg ! archive/unsafe-name',
      '/etc/absolute.jpg ! archive/unsafe-name',
      'C:/windows.jpg ! archive/unsafe-name',
      'back/slash.jpg',
      'link.jpg ! archive/link-member',
      'locked.jpg ! archive/encrypted-member',
      'twice.jpg',
      'twice.jpg (item 8) ! import/duplicate',
      'checksum.jpg ! archive/member-damaged',
      'longer.jpg ! archive/member-damaged',
      'huge.jpg ! archive/member-too-large',
      'last.jpg',
    ]);
  });

  it('that unpacks to far more than its size is stopped', async () => {
    const zeros = new Uint8Array(400_000);
    const bomb = wickedZip(Array.from({ length: 50 }, (_, i) => ({ name: `${i}.jpg`, bytes: zeros })));
    const lines = await read(bomb, { archive: { ...defaultArchiveLimits, unpackedBytes: 4_000_000 } });
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('archive.dat ! archive/bomb');
  });
});

describe('a wicked tar', () => {
  it('does no harm either', async () => {
    const empty = new Uint8Array();
    const lines = await read(
      await tarOf([
        { name: '../escape.jpg', bytes: jpeg },
        { name: '/root.jpg', bytes: jpeg },
        { name: 'soft.jpg', bytes: empty, type: 'symlink', linkname: '/etc/passwd' },
        { name: 'hard.jpg', bytes: empty, type: 'link', linkname: 'ok.jpg' },
        { name: 'pipe.jpg', bytes: empty, type: 'fifo' },
        { name: 'dir.jpg', bytes: empty, type: 'directory' },
        { name: 'ok.jpg', bytes: jpeg },
        { name: 'ok.jpg', bytes: jpeg },
        { name: `${'long/'.repeat(60)}name.jpg`, bytes: jpeg },
      ]),
      { kind: 'flat' },
    );
    expect(lines).toEqual([
      '../escape.jpg ! archive/unsafe-name',
      '/root.jpg ! archive/unsafe-name',
      'soft.jpg ! archive/link-member',
      'hard.jpg ! archive/link-member',
      'ok.jpg',
      'ok.jpg (item 6) ! import/duplicate',
      `${'long/'.repeat(60)}name.jpg`,
    ]);
  });

  it('with more than the limit in one member, or in all, is handled', async () => {
    const zeros = new Uint8Array(3_000_000);
    const tar = await tarOf([
      { name: 'big.jpg', bytes: zeros },
      { name: 'small.jpg', bytes: jpeg },
      { name: 'second.jpg', bytes: zeros },
    ]);
    const packed = new Uint8Array(gzipSync(tar));
    const limits = { memberBytes: 1_000_000, ratio: 50, unpackedBytes: 4_000_000 };
    expect(await read(packed, { archive: limits })).toEqual([
      'big.jpg ! archive/member-too-large',
      'small.jpg',
      'archive.dat ! archive/bomb',
    ]);
  });

  it('with a damaged checksum in the stream says so', async () => {
    const members = [1, 2, 3].map(async (n) => ({ name: `${n}.jpg`, bytes: await testJpeg(n, 300, 300) }));
    const packed = new Uint8Array(gzipSync(await tarOf(await Promise.all(members))));
    packed.fill(0x5a, packed.length * 0.6, packed.length * 0.6 + 50);
    const lines = await read(packed);
    expect(lines[0]).toBe('1.jpg');
    expect(lines.at(-1)).toBe('archive.dat ! archive/damaged');
    // Damaged from the start on, it is still known for what it is by its name.
    await inFolder(async (dir) => {
      const path = join(dir, 'faces.tgz');
      await writeFile(path, packed.fill(0x5a, 12, 200));
      expect(await summary(await openSource(path))).toEqual(['faces.tgz ! archive/damaged']);
    });
  });
});

describe('random damage', () => {
  it.each(['zip', 'tar', 'tgz'])('to a %s never escapes as anything but a problem', async (format) => {
    const random = seededRandom(8);
    const tar = await tarOf(good);
    const whole =
      format === 'zip' ? await zipOf(good) : format === 'tar' ? tar : new Uint8Array(gzipSync(tar));
    let troubled = 0;
    for (let i = 0; i < 60; i++) {
      await inFolder(async (dir) => {
        const path = join(dir, `faces.${format}`);
        await writeFile(path, damaged(whole, random));
        const source = await openSource(path).catch((thrown: unknown) => {
          // The damage may have made it a file of another kind.
          expect(thrown).toBeInstanceOf(LineamentError);
          return null;
        });
        if (source === null || (await summary(source)).some((line) => line.includes(' ! '))) troubled++;
      });
    }
    expect(troubled).toBeGreaterThan(5);
  });
});
