import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { mixSeeds, seededRandom } from '../../../src/core/base/random.ts';
import { readAgeDb } from '../../../src/core/benchmarks/agedb.ts';
import { pictureArray } from '../../../src/core/benchmarks/array-pictures.ts';
import { chunkOfBlp, readBcolzMeta } from '../../../src/core/benchmarks/bcolz.ts';
import { readBin } from '../../../src/core/benchmarks/bin.ts';
import { unpackBlosc } from '../../../src/core/benchmarks/blosc.ts';
import { readCfp } from '../../../src/core/benchmarks/cfp.ts';
import { readIjbMeta, readIjbTables } from '../../../src/core/benchmarks/ijb.ts';
import { readLfwPairs } from '../../../src/core/benchmarks/lfw.ts';
import { readMat } from '../../../src/core/benchmarks/mat.ts';
import { readMegafaceJson, readNoiseList } from '../../../src/core/benchmarks/megaface.ts';
import { readNpyHeader } from '../../../src/core/benchmarks/npy-header.ts';
import { numberRows } from '../../../src/core/benchmarks/number-rows.ts';
import { readRecordIndex } from '../../../src/core/benchmarks/record-index.ts';
import {
  partHeadBytes,
  readImageRecord,
  readPartHead,
  writeImageRecord,
  writeRecord,
} from '../../../src/core/benchmarks/recordio.ts';
import { readTablePairs } from '../../../src/core/benchmarks/table-pairs.ts';
import { pairTextKind } from '../../../src/core/benchmarks/text-kind.ts';
import { readTwoLinePairs } from '../../../src/core/benchmarks/two-lines.ts';
import { benchmarkFiles, fromBase64, inflate, inflaters } from '../../support/benchmark-files.ts';
import { damaged } from '../../support/damage.ts';

/**
 * Mutated inputs: a hundred thousand of lists of pairs in all, of .bin, of .rec and of .npy; a tenth of that of every other parser.
 * LINEAMENT_FUZZ_ROUNDS=100000 gives as many to each, which takes a minute of one core.
 */
const rounds = (share: number): number => Number(process.env['LINEAMENT_FUZZ_ROUNDS'] ?? share * 100_000);

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const file = 'x';
const named = (text: string): { readonly file: string; readonly text: string } => ({ file, text });

/** A `.bin` of bytes as small as it can be. */
const tinyBins = [
  '\x80\x03](C\x02abC\x01ce]\x88a\x86.',
  '\x80\x02]q\x00(U\x02abq\x01U\x01cq\x02e](I01\nN\x88e\x86q\x03.',
  '\x80\x02](c_codecs\nencode\nX\x02\x00\x00\x00\xc3\xbfX\x06\x00\x00\x00latin1\x86RC\x01ae]\x88a\x86.',
  '\x80\x04\x95\x08\x00\x00\x00\x00\x00\x00\x00]\x94(\x8e\x01\x00\x00\x00\x00\x00\x00\x00a\x96\x01\x00\x00\x00\x00\x00\x00\x00be]\x89a\x86.',
];

const record = writeRecord(writeImageRecord({ labels: [1, 2], id: 3, picture: Uint8Array.of(1, 2, 3) }));
const ijbHeader = 'TEMPLATE_ID,SUBJECT_ID,FILENAME,FACE_X,FACE_Y,FACE_WIDTH,FACE_HEIGHT,SIGHTING_ID\n';
const smallChunks = benchmarkFiles.blosc
  .filter(({ chunk }) => chunk.length < 1400)
  .map(({ chunk }) => fromBase64(chunk));

interface Case {
  readonly name: string;
  /** Of the rounds; a tenth where it is not stated. */
  readonly share?: number;
  readonly seeds: readonly Uint8Array[];
  read(bytes: Uint8Array): unknown;
}

const cases: readonly Case[] = [
  {
    name: 'LFW’s lists',
    share: 0.3,
    seeds: ['1\t1\nAn\t1\t2\nAn\t1\tBo\t3\n', 'An 1 2\nBo 1 Cy 2\n', 'n,i,j\nAn,1,2,\n'].map(ascii),
    read: (bytes) => readLfwPairs(latin1(bytes), { file }),
  },
  {
    name: 'lists of two lines to a pair',
    share: 0.3,
    seeds: ['A_1.jpg 1\nA_2.jpg 1\nB_1.jpg 0\nC_1.jpg 0\n', 'A/A_1.jpg\nB/B_1.jpg\n'].map(ascii),
    read: (bytes) => readTwoLinePairs(latin1(bytes), file),
  },
  {
    name: 'tables',
    share: 0.3,
    seeds: ['a,"b, c",yes\nd,e,no\n', 'file1;file2;same;fold\na;b;1;0\n', 'p/a q/b 0\n'].map(ascii),
    read: (bytes) => readTablePairs(latin1(bytes), file),
  },
  {
    name: 'CFP’s lists',
    seeds: ['1 ../D/1/f/1.jpg\n2 ../D/2/f/1.jpg\n#1,2\n2,2\n'].map(ascii),
    read: (bytes) => {
      const [list = '', fold = ''] = latin1(bytes).split('#');
      const folds = [{ same: named(fold), different: named('1,1') }];
      return readCfp({ frontal: named(list), profile: named(list), folds }, 'FP');
    },
  },
  {
    name: 'MegaFace’s lists',
    seeds: ['{"id":["A","A"],"path":["A/1.png","A/2.png"]}'].map(ascii),
    read: (bytes) => readMegafaceJson(latin1(bytes), file),
  },
  {
    name: 'lists of noise',
    seeds: ['# noise\nA_1.jpg\n3\t1/2/3.jpg\n'].map(ascii),
    read: (bytes) => readNoiseList(latin1(bytes), file),
  },
  {
    name: 'rows of numbers',
    seeds: ['1 2 1\n3 4 0\n', 'a,b\n1,2\n'].map(ascii),
    read: (bytes) => {
      const rows = numberRows(file, [2, 3]);
      rows.push(bytes);
      return rows.finish();
    },
  },
  {
    name: 'IJB’s lists of InsightFace',
    seeds: ['1.jpg 1 1\n2.jpg 1 2\n#1.jpg 1 2 3 4 5 6 7 8 9 10 1\n#TEMPLATE_ID,SUBJECT_ID\n1,5\n'].map(ascii),
    read: (bytes) => {
      const [members = '', points = '', gallery = ''] = latin1(bytes).split('#');
      const galleries = [{ ...named(gallery), name: 'G1' }];
      return readIjbMeta({
        members: named(members),
        points: named(points),
        pairs: null,
        galleries,
        probes: null,
      });
    },
  },
  {
    name: 'IJB’s tables of NIST',
    seeds: [`${ijbHeader}1,5,a.jpg,1,2,3,4,7\n`].map(ascii),
    read: (bytes) => readIjbTables({ galleries: [], probes: named(latin1(bytes)), others: [], pairs: null }),
  },
  {
    name: 'the form of texts',
    seeds: ['1\t1\nAn\t1\t2\n', 'A.jpg 1\nA.jpg 1\n', 'a.jpg,b.jpg,1\n'].map(ascii),
    read: (bytes) => pairTextKind(latin1(bytes)),
  },
  { name: 'InsightFace’s .bin', share: 1, seeds: tinyBins.map(ascii), read: (bytes) => readBin(bytes, file) },
  {
    name: 'RecordIO',
    share: 1,
    seeds: [record],
    read: (bytes) => {
      const part = readPartHead(bytes, file, 0);
      return readImageRecord(bytes.subarray(partHeadBytes, partHeadBytes + part.length), file, 8);
    },
  },
  {
    name: 'indices of records',
    seeds: [ascii('0\t0\n1\t44\n')],
    read: (bytes) => readRecordIndex(latin1(bytes), file),
  },
  {
    name: 'Blosc’s chunks',
    share: 0.05,
    seeds: smallChunks,
    read: (bytes) => unpackBlosc(bytes, file, inflaters, 1 << 16),
  },
  {
    name: 'bcolz’s files',
    seeds: ['blpk\x01\0\0\0\x01\0\0\0\0\0\0\0{"shape":[2,3,4,4]}'].map(ascii),
    read: (bytes) => {
      const { chunk } = chunkOfBlp(bytes, file);
      return readBcolzMeta(latin1(chunk), '{"dtype":"float32","chunklen":1}', file);
    },
  },
  {
    name: 'NumPy’s headers',
    share: 1,
    seeds: [
      fromBase64(benchmarkFiles.npy.flags).slice(0, 132),
      fromBase64(benchmarkFiles.npy.pictures).slice(0, 132),
    ],
    read: (bytes) => {
      const header = readNpyHeader(bytes);
      if (!('problem' in header)) return pictureArray(header.shape, header.type);
      expect(header.offset).toBeGreaterThanOrEqual(0);
      return header;
    },
  },
  {
    name: 'MAT files',
    share: 0.05,
    seeds: [fromBase64(benchmarkFiles.mat.tiny)],
    read: (bytes) =>
      readAgeDb(readMat(bytes, { file, inflate, limits: { bytes: 1 << 16, values: 10_000 } }), file),
  },
];

describe('damaged inputs', () => {
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0; // most of them are refused, and a trace takes longer than the refusal
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  it.each(cases)(
    'of $name are read, or refused with their place',
    ({ name, share = 0.1, seeds, read }) => {
      const random = seededRandom(mixSeeds(name.length, seeds.length));
      let [taken, refused] = [0, 0];
      const count = rounds(share);
      for (let i = 0; i < count; i++) {
        let bytes = damaged(seeds[i % seeds.length] ?? new Uint8Array(1), random);
        if (i % 3 === 0 && bytes.length > 0) bytes = damaged(bytes, random);
        try {
          read(bytes);
          taken++;
        } catch (thrown) {
          if (!isPlaced(thrown))
            throw new Error(`${name}, round ${i}: ${JSON.stringify(latin1(bytes))}`, { cause: thrown });
          refused++;
        }
      }
      expect(taken + refused).toBe(count);
      expect(taken).toBeGreaterThan(0);
      if (name !== 'the form of texts' && name !== 'NumPy’s headers') expect(refused).toBeGreaterThan(0);
    },
    300_000,
  );
});

/** An error of the catalogue that says where. */
function isPlaced(thrown: unknown): boolean {
  if (!(thrown instanceof LineamentError) || !/^(benchmark|pickle)\//.test(thrown.code)) return false;
  const { line, offset } = thrown.values;
  return [line, offset].some((place) => typeof place === 'number' && Number.isInteger(place) && place >= 0);
}
