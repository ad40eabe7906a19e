import { spawnSync } from 'node:child_process';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeImageRecord, writeRecord } from '../../../src/core/benchmarks/recordio.ts';
import { openBcolz, openNpyPictures, readFlags } from '../../../src/main/benchmarks/arrays.ts';
import { openBin, writeBin } from '../../../src/main/benchmarks/bin.ts';
import { openRecordFile } from '../../../src/main/benchmarks/record-file.ts';
import { writeRecordFile } from '../../../src/main/benchmarks/write-records.ts';
import { npyHeader } from '../../../src/main/datasets/npy.ts';
import { decodeImage } from '../../../src/main/images/decode.ts';
import { encodeCrop } from '../../../src/main/images/encode.ts';
import { benchmarkFiles, binPicture, fromBase64 } from '../../support/benchmark-files.ts';
import { inFolder, writeFiles } from '../../support/folders.ts';
import { testPicture } from '../../support/pictures.ts';

const python = spawnSync('python3', ['-c', '']).status === 0;
const numpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
const pictures = Array.from({ length: 8 }, (_, i) => binPicture(i));
const same = [true, false, true, false];

function runPython(script: string, ...given: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script, ...given]);
  if (status !== 0) throw new Error(String(stderr));
  return String(stdout);
}

/** A pattern that only the right bytes give. */
const sums = (list: readonly Uint8Array[]): string =>
  list
    .map((bytes) => `${bytes.length}:${bytes.reduce((sum, byte, i) => (sum * 31 + byte + i) % 65_521, 7)}`)
    .join(' ');
const pythonSums = `
def sums(list):
    out = []
    for data in list:
        s = 7
        for i, byte in enumerate(data): s = (s * 31 + byte + i) % 65521
        out.append('%d:%d' % (len(data), s))
    return ' '.join(out)
`;

describe('a .bin', () => {
  it('that is written here is read here, with the pictures left in the file', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'lfw.bin');
      await writeBin(path, pictures, same);
      expect(await readdir(dir)).toEqual(['lfw.bin']);
      const { list, pictures: open } = await openBin(path);
      expect(list.pairs.map((pair) => pair.same)).toEqual(same);
      for (const i of [7, 0, 3]) expect(await open.open(`bin:${i}`)).toEqual(binPicture(i));
      expect([open.has('bin:7'), open.has('bin:8'), open.has('x'), open.place('bin:0')]).toEqual([
        true,
        false,
        false,
        null,
      ]);
      await expect(open.open('bin:8')).rejects.toMatchObject({ code: 'benchmark/no-picture' });
      await truncate(path, 500);
      await expect(open.open('bin:7')).rejects.toMatchObject({ code: 'benchmark/bad-bytes' });
      await open.close();
    }));

  it.each(Object.keys(benchmarkFiles.bins))('that Python wrote is read from its file: %s', (name) =>
    inFolder(async (dir) => {
      await writeFile(join(dir, 'x.bin'), fromBase64(benchmarkFiles.bins[name] ?? ''));
      const { pictures: open } = await openBin(join(dir, 'x.bin'));
      for (let i = 0; i < 8; i++) expect(await open.open(`bin:${i}`)).toEqual(binPicture(i));
      await open.close();
    }),
  );

  it('is not left half written', () =>
    inFolder(async (dir) => {
      const failing = function* (): Generator<Uint8Array> {
        yield binPicture(0);
        throw new Error('no more');
      };
      await expect(writeBin(join(dir, 'x.bin'), failing(), same)).rejects.toThrow('no more');
      expect(await readdir(dir)).toEqual([]);
      await expect(writeBin(join(dir, 'none', 'x.bin'), pictures, same)).rejects.toMatchObject({
        code: 'pack/write-failed',
      });
      await expect(openBin(join(dir, 'none.bin'))).rejects.toMatchObject({ code: 'file/cannot-read' });
    }));

  it.skipIf(!python)('is what pickle.load gives InsightFace, whatever encoding it states', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'lfw.bin');
      await writeBin(path, pictures, same);
      const script = `${pythonSums}
import pickle, sys
for more in ({}, {'encoding': 'bytes'}, {'encoding': 'latin1'}):
    with open(sys.argv[1], 'rb') as f: bins, issame = pickle.load(f, **more)
    assert type(bins) is list and type(bins[0]) is bytes and issame == [True, False, True, False]
    print(sums(bins))
`;
      expect(runPython(script, path).trim().split('\n')).toEqual([
        sums(pictures),
        sums(pictures),
        sums(pictures),
      ]);
    }),
  );
});

/** Reads RecordIO as MXNet's own format description has it. */
const recordReader = `${pythonSums}
import struct, sys
def record(data, at):
    whole = b''
    while True:
        magic, word = struct.unpack_from('<II', data, at)
        assert magic == 0xced7230a
        kind, length = word >> 29, word & (1 << 29) - 1
        if kind in (2, 3): whole += struct.pack('<I', magic)
        whole += data[at + 8:at + 8 + length]
        at += 8 + (length + 3) // 4 * 4
        if kind in (0, 3): return whole
def unpack(whole):
    flag, label, id, id2 = struct.unpack_from('<IfQQ', whole)
    labels = struct.unpack_from('<%df' % flag, whole, 24) if flag else (label,)
    return labels, id, whole[24 + 4 * flag:]
data = open(sys.argv[1], 'rb').read()
index = dict(map(int, line.split('\\t')) for line in open(sys.argv[1][:-3] + 'idx'))
head = unpack(record(data, index[0]))
count, end = map(int, head[0])
items = [unpack(record(data, index[i])) for i in range(1, count)]
print(sums([picture for _, _, picture in items]))
print([int(labels[0]) for labels, _, _ in items])
print([[int(x) for x in unpack(record(data, index[i]))[0]] for i in range(count, end)])
`;

describe('a .rec', () => {
  const magic = Uint8Array.of(9, 9, 9, 9, 0x0a, 0x23, 0xd7, 0xce, 1, 0x0a, 0x23, 0xd7, 0xce);
  const labelled = [binPicture(0), binPicture(1), magic, binPicture(3)].map((picture, i) => ({
    label: [4, 4, 9, 11][i] ?? 0,
    picture,
  }));

  it('is written with its index, and read by it or without', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'train.rec');
      expect(await writeRecordFile(path, labelled)).toEqual({ pictures: 4, identities: 3 });
      expect(await readdir(dir)).toEqual(['train.idx', 'train.rec']);
      await writeFile(join(dir, 'bare.rec'), await readFile(path));
      for (const name of ['train.rec', 'bare.rec']) {
        const file = await openRecordFile(join(dir, name));
        expect(file.pictures).toEqual([1, 2, 3, 4]);
        expect(await file.labels()).toEqual(Float64Array.of(4, 4, 9, 11));
        expect((await file.record(3)).picture).toEqual(magic);
        expect(await file.record(0)).toMatchObject({ labels: [5, 8] });
        expect(await file.record(5)).toMatchObject({ labels: [1, 3] });
        await expect(file.record(99)).rejects.toMatchObject({ code: 'benchmark/no-picture' });
        await file.close();
      }
    }));

  it('without InsightFace’s first record is all pictures', () =>
    inFolder(async (dir) => {
      const one = (id: number): Uint8Array =>
        writeRecord(writeImageRecord({ labels: [id, 0.5], id, picture: binPicture(id) }));
      await writeFile(join(dir, 'x.rec'), Buffer.concat([one(0), one(1)]));
      const file = await openRecordFile(join(dir, 'x.rec'));
      expect([file.pictures, await file.labels()]).toEqual([[0, 1], Float64Array.of(0, 1)]);
      await file.close();
      await writeFile(join(dir, 'y.rec'), Buffer.concat([one(0), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)]));
      await expect(openRecordFile(join(dir, 'y.rec'))).rejects.toThrow(
        /y.rec is damaged at byte \d+: no record begins/,
      );
    }));

  it.skipIf(!python)('is what a reader of twenty lines reads', () =>
    inFolder(async (dir) => {
      const path = join(dir, 'train.rec');
      await writeRecordFile(path, labelled);
      expect(runPython(recordReader, path).trim().split('\n')).toEqual([
        sums(labelled.map(({ picture }) => picture)),
        '[4, 4, 9, 11]',
        '[[1, 3], [3, 4], [4, 5]]',
      ]);
    }),
  );
});

describe('arrays', () => {
  const crops = [1, 2, 3, 4].map((seed) => testPicture(seed, 6, 5));
  /** [4, 3, 5, 6], blue first, (x − 127.5) / 127.5. */
  const floats = Float32Array.from(
    crops.flatMap(({ data }) =>
      [2, 1, 0].flatMap((channel) =>
        Array.from({ length: 30 }, (_, i) => ((data[3 * i + channel] ?? 0) - 127.5) / 127.5),
      ),
    ),
  );
  const data = new Uint8Array(floats.buffer);
  const flags = fromBase64(benchmarkFiles.npy.flags); // four: eight pictures
  const twoFlags = Buffer.from(flags);
  twoFlags.set(Buffer.from(Buffer.from(flags).toString('latin1').replace('(4,)', '(2,)'), 'latin1'));

  it('of NumPy give their pictures without loss', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, {
        'lfw.npy': Buffer.concat([npyHeader([4, 3, 5, 6]), data]),
        'lfw_list.npy': twoFlags,
      });
      const { list, pictures: open } = await openNpyPictures(join(dir, 'lfw.npy'), join(dir, 'lfw_list.npy'));
      expect(list.pairs.map((pair) => pair.same)).toEqual([true, false]);
      for (const i of [3, 0])
        expect(await open.open(`bin:${i}`)).toEqual(await encodeCrop(crops[i] ?? testPicture(0, 1, 1)));
      expect((await decodeImage(await open.open('bin:2'))).data).toEqual(crops[2]?.data);
      await expect(open.open('bin:4')).rejects.toMatchObject({ code: 'benchmark/no-picture' });
      await open.close();
      await expect(
        openNpyPictures(join(dir, 'lfw_list.npy'), join(dir, 'lfw_list.npy')),
      ).rejects.toMatchObject({
        code: 'benchmark/unsupported',
      });
    }));

  it('of bcolz are read chunk by chunk', () =>
    inFolder(async (dir) => {
      const size = 3 * 5 * 6 * 4;
      /** A chunk that is stored as it is. */
      const blp = (part: Uint8Array): Uint8Array => {
        const bytes = new Uint8Array(32 + part.length);
        const view = new DataView(bytes.buffer);
        bytes.set(new TextEncoder().encode('blpk'));
        bytes[4] = 1;
        view.setUint32(8, 1, true);
        bytes.set([2, 1, 2, 4], 16);
        view.setUint32(20, part.length, true);
        view.setUint32(24, part.length, true);
        view.setUint32(28, part.length + 16, true);
        bytes.set(part, 32);
        return bytes;
      };
      await writeFiles(dir, {
        'lfw/meta/sizes': '{"shape": [4, 3, 5, 6], "nbytes": 1, "cbytes": 1}',
        'lfw/meta/storage': '{"dtype": "float32", "chunklen": 3, "cparams": {}}',
        'lfw/data/__0.blp': blp(data.subarray(0, 3 * size)),
        'lfw/data/__1.blp': blp(data.subarray(3 * size)),
        'lfw_list.npy': twoFlags,
      });
      const { pictures: open } = await openBcolz(join(dir, 'lfw'), join(dir, 'lfw_list.npy'));
      for (const i of [3, 0, 2, 1])
        expect(await open.open(`bin:${i}`)).toEqual(await encodeCrop(crops[i] ?? testPicture(0, 1, 1)));
      const all = await Promise.all([0, 3, 1, 3].map((i) => open.open(`bin:${i}`)));
      expect(all).toEqual(
        await Promise.all([0, 3, 1, 3].map((i) => encodeCrop(crops[i] ?? testPicture(0, 1, 1)))),
      );
      await writeFile(join(dir, 'four_list.npy'), flags);
      await expect(openBcolz(join(dir, 'lfw'), join(dir, 'four_list.npy'))).rejects.toThrow(
        /4 pictures and its list 4 flags/,
      );
      await writeFile(join(dir, 'lfw/data/__1.blp'), blp(data.subarray(3 * size, 4 * size - 4)));
      await open.open('bin:0');
      await expect(open.open('bin:3')).rejects.toThrow(/__1.blp is damaged .* no row 3/);
      await open.close();
    }));

  it('of flags are of any type, and of no other shape', () =>
    inFolder(async (dir) => {
      const file = join(dir, 'x_list.npy');
      await writeFile(file, flags);
      expect(await readFlags(file)).toEqual(same);
      await writeFile(file, Buffer.concat([npyHeader([2, 2]), new Uint8Array(16)]));
      await expect(readFlags(file)).rejects.toMatchObject({ code: 'benchmark/bad-bytes' });
      await writeFile(file, flags.subarray(0, flags.length - 1));
      await expect(readFlags(file)).rejects.toThrow(/cut off/);
    }));

  it.skipIf(!numpy)('of NumPy’s own are read', () =>
    inFolder(async (dir) => {
      runPython(
        `import numpy as np, sys
np.save(sys.argv[1] + '/a_list.npy', np.array([True, False]))
np.save(sys.argv[1] + '/a.npy', (np.arange(4 * 4 * 5 * 3).reshape(4, 4, 5, 3) % 251).astype(np.uint8))`,
        dir,
      );
      const { pictures: open } = await openNpyPictures(join(dir, 'a.npy'), join(dir, 'a_list.npy'));
      const { data: pixels } = await decodeImage(await open.open('bin:1'));
      expect([...pixels.slice(0, 3)]).toEqual([62, 61, 60]);
      await open.close();
    }),
  );
});
