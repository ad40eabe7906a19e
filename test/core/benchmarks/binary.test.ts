import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { readAgeDb } from '../../../src/core/benchmarks/agedb.ts';
import { pictureArray, pictureOfArray } from '../../../src/core/benchmarks/array-pictures.ts';
import { readBcolzMeta } from '../../../src/core/benchmarks/bcolz.ts';
import {
  binEnd,
  binList,
  binPictureHead,
  binStart,
  pictureBytes,
  readBin,
} from '../../../src/core/benchmarks/bin.ts';
import { unpackBlosc } from '../../../src/core/benchmarks/blosc.ts';
import { readMat } from '../../../src/core/benchmarks/mat.ts';
import { readNpyHeader } from '../../../src/core/benchmarks/npy-header.ts';
import { readRecordIndex, writeRecordIndex } from '../../../src/core/benchmarks/record-index.ts';
import {
  joinParts,
  partHeadBytes,
  readImageRecord,
  readPartHead,
  recordMagic,
  writeImageRecord,
  writeRecord,
} from '../../../src/core/benchmarks/recordio.ts';
import {
  benchmarkFiles,
  binPicture,
  bloscData,
  fromBase64,
  inflate,
  inflaters,
} from '../../support/benchmark-files.ts';

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

describe('InsightFace’s .bin', () => {
  const same = [true, false, true, false];

  it.each(Object.entries(benchmarkFiles.bins))('is read as written: %s', (name, text) => {
    const bytes = fromBase64(text);
    const found = readBin(bytes, `${name}.bin`);
    expect(found.same).toEqual(same);
    found.pictures.forEach((picture, i) => {
      const read =
        picture.at === 'memory'
          ? picture.bytes
          : pictureBytes(bytes.subarray(picture.offset, picture.offset + picture.length), picture.isText);
      expect(read, `picture ${i}`).toEqual(binPicture(i));
    });
    expect(found.pictures).toHaveLength(8);
  });

  it('is read from a file without its pictures, and written as it is read', () => {
    const parts = [binStart];
    for (let i = 0; i < 8; i++) parts.push(binPictureHead(binPicture(i).length), binPicture(i));
    const bytes = joined([...parts, binEnd(same)]);
    let read = 0;
    const source = {
      length: bytes.length,
      read: (offset: number, count: number) => {
        read += count;
        return bytes.subarray(offset, offset + count);
      },
    };
    const found = readBin(source, 'x.bin');
    expect(found).toEqual(readBin(bytes, 'x.bin'));
    expect(found.same).toEqual(same);
    expect(read).toBeLessThan(100);
  });

  it('gives pairs of neighbours, in ten folds where there are as many', () => {
    const list = binList(Array.from({ length: 20 }, (_, i) => i % 2 === 0));
    expect(list.images.slice(0, 3).map(({ key }) => key)).toEqual(['bin:0', 'bin:1', 'bin:2']);
    expect(list.pairs.slice(0, 3)).toEqual([
      { a: 0, b: 1, same: true, fold: 0 },
      { a: 2, b: 3, same: false, fold: 0 },
      { a: 4, b: 5, same: true, fold: 1 },
    ]);
    expect(list.folds).toBe(10);
    expect(binList(same)).toMatchObject({ folds: null, pairs: [{ fold: null }, {}, {}, {}] });
  });

  it('says what is wrong', () => {
    const text = (code: string): Uint8Array => Uint8Array.from(code, (c) => c.charCodeAt(0));
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ['\x80\x03N.', 'benchmark/bad-bytes', /no list of pictures/],
      ['\x80\x03]]\x86.', 'benchmark/bad-bytes', /no pairs/],
      ['\x80\x03](C\x01ae](\x88e\x86.', 'benchmark/bad-bytes', /1 pictures and 1 flags/],
      ['\x80\x03](NNe](\x88e\x86.', 'benchmark/bad-bytes', /picture 0 is no bytes/],
      ['\x80\x03](C\x01aC\x01be](Ne\x86.', 'benchmark/bad-bytes', /true and false/],
      ['\x80\x03cos\nsystem\n)R.', 'pickle/refused', /os.system/],
      ['\x80\x03cnumpy.core.multiarray\n_reconstruct\n)R)\x86.', 'benchmark/bad-bytes', /no list/],
    ];
    for (const [code, expected, message] of cases) {
      let thrown: unknown;
      try {
        readBin(text(code), 'x.bin');
      } catch (caught) {
        thrown = caught;
      }
      expect(thrown, code).toMatchObject({
        code: expected,
        values: { file: 'x.bin', offset: expect.any(Number) },
      });
      expect(String(thrown), code).toMatch(message);
    }
  });
});

describe('RecordIO', () => {
  const random = seededRandom(3);

  it('gives back what was written, also where the magic number stands in it', () => {
    const magic = [0x0a, 0x23, 0xd7, 0xce];
    for (let round = 0; round < 200; round++) {
      const data = Uint8Array.from({ length: random.int(40) }, () => random.int(256));
      for (let i = 0; i < random.int(4); i++) {
        const at = random.int(Math.max(1, data.length - 3)); // aligned or not
        if (at + 4 <= data.length) data.set(magic, at);
      }
      const bytes = writeRecord(data);
      expect(bytes.length % 4).toBe(0);
      const parts: Uint8Array[] = [];
      let at = 0;
      while (at < bytes.length) {
        const part = readPartHead(bytes.subarray(at), 'x.rec', at);
        parts.push(bytes.subarray(at + partHeadBytes, at + partHeadBytes + part.length));
        at += partHeadBytes + part.padded;
      }
      expect(joinParts(parts)).toEqual(data);
      const view = new DataView(bytes.buffer);
      const marks = Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
      expect(marks.filter((word) => word === recordMagic)).toHaveLength(parts.length);
    }
  });

  it('has labels before the picture', () => {
    for (const labels of [[7], [3, 9], []]) {
      const record = { labels, id: 12, picture: Uint8Array.of(1, 2, 3) };
      const found = readImageRecord(writeImageRecord(record), 'x.rec', 0);
      expect(found).toEqual(labels.length === 0 ? { ...record, labels: [0] } : record);
    }
    expect(() => readImageRecord(new Uint8Array(20), 'x.rec', 100)).toThrow(
      /x\.rec is damaged at byte 1\d\d/,
    );
    const lie = writeImageRecord({ labels: [1, 2], id: 0, picture: new Uint8Array(0) });
    new DataView(lie.buffer).setUint32(0, 1e9, true);
    expect(() => readImageRecord(lie, 'x.rec', 64)).toThrow(/byte 64: the record promises 1000000000 labels/);
    expect(() =>
      readPartHead(
        Uint8Array.from({ length: 8 }, () => 1),
        'x.rec',
        8,
      ),
    ).toThrow(/byte 8: no record/);
  });

  it('has an index', () => {
    const offsets = new Map([
      [0, 0],
      [1, 44],
      [5, 4_000_000_000],
    ]);
    expect(readRecordIndex(writeRecordIndex(offsets), 'x.idx')).toEqual(offsets);
    expect(() => readRecordIndex('0\t0\n1\tx\n', 'x.idx')).toThrow(/Line 2 of x\.idx/);
    expect(() => readRecordIndex('0\t0\n0\t4\n', 'x.idx')).toThrow(/has come before/);
  });
});

describe('Blosc', () => {
  it.each(benchmarkFiles.blosc.map((one) => [`${one.name}, ${one.kind} of ${one.size}`, one] as const))(
    'unpacks %s',
    (_, { kind, size, chunk }) => {
      const found = unpackBlosc(fromBase64(chunk), 'x.blp', inflaters, 1 << 20);
      expect(Buffer.compare(found, bloscData(kind, size))).toBe(0);
    },
  );

  it('refuses what would be too large, and what it does not read', () => {
    const [first] = benchmarkFiles.blosc;
    const chunk = fromBase64(first?.chunk ?? '');
    expect(() => unpackBlosc(chunk, 'x.blp', inflaters, 1000)).toThrow(
      /a chunk of 20000 bytes \(byte 0\); the limit is 1000/,
    );
    const snappy = chunk.slice();
    snappy[2] = (snappy[2] ?? 0) | 0x40;
    expect(() => unpackBlosc(snappy, 'x.blp', inflaters, 1e6, 16)).toThrow(/snappy at byte 18/);
    const lie = chunk.slice();
    new DataView(lie.buffer).setUint32(4, 900_000_000, true);
    expect(() => unpackBlosc(lie, 'x.blp', inflaters, 1e9)).toThrow(/do not unpack to 900000000/);
  });
});

describe('arrays of pictures', () => {
  it('are turned back into pixels: float32 planes, and bytes', () => {
    const floats = fromBase64(benchmarkFiles.npy.pictures);
    const header = readNpyHeader(floats);
    expect(header).toMatchObject({ type: '<f4', shape: [2, 3, 4, 5] });
    if ('problem' in header) throw new Error(header.problem);
    const array = pictureArray(header.shape, header.type);
    if (array === null) throw new Error('no pictures');
    const second = pictureOfArray(floats.subarray(header.start + 240), array);
    // blue first: plane c of picture 1 begins at 60 + 20·c
    expect([...second.data.slice(0, 6)]).toEqual([100, 80, 60, 101, 81, 61]);
    const bytes = fromBase64(benchmarkFiles.npy.bytes);
    const other = readNpyHeader(bytes);
    if ('problem' in other) throw new Error(other.problem);
    const plain = pictureArray(other.shape, other.type);
    if (plain === null) throw new Error('no pictures');
    expect([...pictureOfArray(bytes.subarray(other.start), plain).data.slice(0, 4)]).toEqual([2, 1, 0, 5]);
    expect([...pictureOfArray(bytes.subarray(other.start), plain, true).data.slice(0, 4)]).toEqual([
      0, 1, 2, 3,
    ]);
  });

  it('are refused where they hold none', () => {
    expect(pictureArray([2, 4, 4, 4], '<f4')).toBeNull();
    expect(pictureArray([2, 3, 4, 4], '<f8')).toBeNull();
    expect(pictureArray([0, 3, 4, 4], '<f4')).toBeNull();
    expect(pictureArray([3, 4, 4], '<f4')).toBeNull();
    expect(readNpyHeader(fromBase64(benchmarkFiles.npy.fortran))).toEqual({
      problem: 'it is in Fortran order',
      offset: 10,
    });
  });

  it('of bcolz say their shape', () => {
    const storage = '{"dtype": "float32", "cparams": {}, "chunklen": 6, "dflt": 1.0, "expectedlen": 12}';
    expect(readBcolzMeta('{"shape": [12, 3, 112, 112]}', storage, 'lfw')).toEqual({
      shape: [12, 3, 112, 112],
      type: 'float32',
      chunkRows: 6,
    });
    expect(() => readBcolzMeta('{"shape": []}', storage, 'lfw')).toThrow(
      /lfw\/meta\/sizes .*states no shape/,
    );
    expect(() => readBcolzMeta('{', storage, 'lfw')).toThrow(/no JSON/);
    expect(() => readBcolzMeta('{"shape": [1]}', '{}', 'lfw')).toThrow(/no dtype/);
  });
});

describe('AgeDB’s protocol', () => {
  it.each(['plain', 'compressed'] as const)('is read from a %s MAT file', (form) => {
    const variables = readMat(fromBase64(benchmarkFiles.mat[form]), { file: 'x.mat', inflate });
    expect(variables.get('note')).toEqual({ kind: 'text', text: 'made' });
    const list = readAgeDb(variables, 'x.mat');
    expect(list.folds).toBe(2);
    expect(list.images.slice(0, 4)).toEqual([
      { key: '0_AnnLee_30_m.jpg', person: 'AnnLee', group: null },
      { key: '1_AnnLee_30_m.jpg', person: 'AnnLee', group: null },
      { key: '2_AnnLee_31_m.jpg', person: 'AnnLee', group: null },
      { key: '3_BobRay_31_m.jpg', person: 'BobRay', group: null },
    ]);
    expect(list.pairs).toHaveLength(8);
    expect(list.pairs.map(({ same, fold }) => [same, fold])).toEqual(
      Array.from({ length: 8 }, (_, i) => [i % 2 === 0, Math.floor(i / 4)]),
    );
  });

  it('of MATLAB 7.3 says how to convert it', () => {
    const hdf5 = Uint8Array.from({ length: 200 }, (_, i) => [0x89, 0x48, 0x44, 0x46][i] ?? 0);
    expect(() => readMat(hdf5, { file: 'x.mat', inflate })).toThrow(/HDF5 \(MATLAB 7\.3\) at byte 0/);
    const plain = fromBase64(benchmarkFiles.mat.plain);
    plain[125] = 2;
    plain[124] = 0;
    expect(() => readMat(plain, { file: 'x.mat', inflate })).toThrow(/7\.3/);
    expect(() => readAgeDb(new Map(), 'x.mat')).toThrow(/no cell array “splits”/);
    const small = { file: 'x.mat', inflate, limits: { values: 20 } };
    expect(() => readMat(fromBase64(benchmarkFiles.mat.plain), small)).toThrow(/the limit is 20/);
  });
});
