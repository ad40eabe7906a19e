import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { archiveAt, unpackArchive } from '../../../src/main/benchmarks/unpack.ts';
import { type ArchiveLimits, defaultArchiveLimits } from '../../../src/main/datasets/archive.ts';
import { tarOf, wickedZip, zipOf } from '../../support/archives.ts';
import { inFolder } from '../../support/folders.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const members = [
  { name: 'lfw/Bö/1.jpg', bytes: bytesOf('one') },
  { name: 'lfw/pairs.txt', bytes: bytesOf('10\t300') },
  { name: '__MACOSX/lfw/._pairs.txt', bytes: bytesOf('junk') },
];

/** What is below the folder after unpacking, with its content. */
async function unpacked(archive: Uint8Array, limits?: ArchiveLimits): Promise<Record<string, string>> {
  return inFolder(async (dir) => {
    const path = join(dir, 'archive.dat');
    const folder = join(dir, 'out');
    await mkdir(folder);
    await writeFile(path, archive);
    const format = await archiveAt(path);
    if (format === null) throw new Error('no archive');
    await unpackArchive(path, format, folder, limits);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const found: Record<string, string> = {};
    for (const entry of entries) {
      if (entry.isDirectory()) continue;
      const file = join(entry.parentPath, entry.name);
      found[file.slice(folder.length + 1).replaceAll('\\', '/')] = await readFile(file, 'utf8');
    }
    return found;
  });
}

describe('an archive of a benchmark', () => {
  it.each([
    ['zip', () => zipOf(members)],
    ['tar', () => tarOf(members)],
    ['tar.gz', async () => new Uint8Array(gzipSync(await tarOf(members)))],
  ] as const)('is unpacked from %s, without what systems leave', async (_, make) => {
    expect(await unpacked(await make())).toEqual({ 'lfw/Bö/1.jpg': 'one', 'lfw/pairs.txt': '10\t300' });
  });

  it('is told from other files and from folders', () =>
    inFolder(async (dir) => {
      await writeFile(join(dir, 'a.zip'), 'no archive');
      await writeFile(join(dir, 'a.bin'), gzipSync('compressed, but no archive of files'));
      for (const name of ['a.zip', 'a.bin', '', 'nowhere'])
        expect(await archiveAt(join(dir, name))).toBe(null);
    }));

  it.each([
    ['archive/unsafe-name', { name: '../up.txt', bytes: bytesOf('x') }],
    ['archive/unsafe-name', { name: '/etc/x', bytes: bytesOf('x') }],
    ['archive/encrypted-member', { name: 'a.txt', bytes: bytesOf('x'), encrypted: true }],
    ['archive/member-damaged', { name: 'a.txt', bytes: bytesOf('x'), crc: 1 }],
    ['archive/member-damaged', { name: 'a.txt', bytes: new Uint8Array(5000), size: 10 }],
  ] as const)('is refused: %s', async (code, member) => {
    await expect(unpacked(wickedZip([member]))).rejects.toMatchObject({ code });
  });

  it('passes over links, and ends where it is cut off', async () => {
    const link = { name: 'link', bytes: bytesOf('/etc/passwd'), symlink: true };
    expect(await unpacked(wickedZip([link, { name: 'a', bytes: bytesOf('x') }]))).toEqual({ a: 'x' });
    const whole = gzipSync(await tarOf(members));
    const cut = new Uint8Array(whole.subarray(0, whole.length - 40));
    await expect(unpacked(cut)).rejects.toMatchObject({ code: expect.stringMatching(/damaged$/) });
  });

  it('that unpacks to too much is refused, member by member and in all', async () => {
    const limits = { ...defaultArchiveLimits, memberBytes: 1000, unpackedBytes: 2000, ratio: 0.001 };
    const zeros = (length: number, name = 'z') => ({ name, bytes: new Uint8Array(length) });
    await expect(unpacked(await zipOf([zeros(1001)]), limits)).rejects.toMatchObject({
      code: 'archive/member-too-large',
    });
    const three = [zeros(900, 'a'), zeros(900, 'b'), zeros(900, 'c')];
    for (const bomb of [await zipOf(three), gzipSync(await tarOf(three))])
      await expect(unpacked(new Uint8Array(bomb), limits)).rejects.toMatchObject({ code: 'archive/bomb' });
  });
});
