import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeBin } from '../../../src/main/benchmarks/bin.ts';
import { openBenchmark } from '../../../src/main/benchmarks/open.ts';
import { recogniseBenchmark } from '../../../src/main/benchmarks/recognise.ts';
import { writeRecordFile } from '../../../src/main/benchmarks/write-records.ts';
import { encodeCrop } from '../../../src/main/images/encode.ts';
import { benchmarkFiles, fromBase64 } from '../../support/benchmark-files.ts';
import { inFolder, writeFiles } from '../../support/folders.ts';
import { testPicture } from '../../support/pictures.ts';

/** Small pictures by their paths; crops are square. */
async function pictures(
  paths: readonly string[],
  width = 112,
  height = 112,
): Promise<Record<string, Uint8Array>> {
  const image = await encodeCrop(testPicture(1, width, height));
  return Object.fromEntries(paths.map((path) => [path, image]));
}

const lfwPairs = '2\t1\nAnn\t1\t2\nAnn\t1\tBob\t1\nBob\t1\t2\nBob\t2\tAnn\t2\n';
const lfwNames = ['Ann/Ann_0001.jpg', 'Ann/Ann_0002.jpg', 'Bob/Bob_0001.jpg', 'Bob/Bob_0002.jpg'];

describe('the assistant', () => {
  it('takes LFW for LFW, wherever its pictures lie below the folder', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, {
        'pairs.txt': lfwPairs,
        'readme.txt': 'Some words.\nMore words.\n',
        'img_list.txt': lfwNames.map((name) => `${name} 0\n`).join(''),
      });
      await writeFiles(join(dir, 'lfw-deepfunneled'), await pictures(lfwNames, 250, 250));
      const [reading, ...more] = await recogniseBenchmark(dir);
      expect(more).toEqual([]);
      expect(reading).toEqual({
        ...{
          format: 'lfw',
          title: 'LFW, View 2: ten folds',
          name: 'LFW',
          kind: 'verification',
          images: 4,
          pairs: 4,
        },
        ...{ people: 2, folds: 2, groups: [], alignment: 'detect', missing: [], usable: true, problems: [] },
        samples: ['Ann/Ann_0001.jpg', 'Ann/Ann_0002.jpg', 'Bob/Bob_0001.jpg', 'Bob/Bob_0002.jpg'],
      });
      const open = await openBenchmark(dir, 'lfw');
      expect(open.place('Bob/Bob_0001.jpg')).toBe(join(dir, 'lfw-deepfunneled', 'Bob', 'Bob_0001.jpg'));
      expect(await open.open('Bob/Bob_0001.jpg')).toEqual(await encodeCrop(testPicture(1, 250, 250)));
      await open.close();
    }));

  it('says what is missing, and what a file is that cannot be read', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, { 'pairs.txt': lfwPairs, ...(await pictures(lfwNames.slice(0, 3))) });
      await writeFiles(dir, { 'pairs_CALFW.txt': 'A_0001.jpg 1\nA_0002.jpg 1\nB_0001.jpg 0\n' });
      const readings = await recogniseBenchmark(dir);
      expect(readings).toMatchObject([
        {
          format: 'lfw',
          usable: true,
          alignment: 'aligned',
          missing: ['1 of 4 pictures are not there, such as Bob/Bob_0002.jpg'],
        },
        { format: 'calfw', usable: false, problems: [expect.stringMatching(/Line 3 of pairs_CALFW.txt/)] },
      ]);
      await expect(openBenchmark(dir, 'calfw')).rejects.toMatchObject({ code: 'benchmark/bad-line' });
      await expect(openBenchmark(dir, 'rfw')).rejects.toMatchObject({ code: 'benchmark/unknown-reading' });
    }));

  it('takes a list with pictures from elsewhere, and View 1 with its three readings', () =>
    inFolder(async (dir) => {
      const [lists, images] = [join(dir, 'lists'), join(dir, 'images')];
      const view = '1\nAnn 1 2\nAnn 1 Bob 1\n';
      await writeFiles(lists, {
        'pairsDevTrain.txt': view,
        'pairsDevTest.txt': view.replaceAll('1 2', '2 1'),
      });
      await writeFiles(
        images,
        await pictures(lfwNames.map((name) => name.replace(/^.*\//, '').replace('jpg', 'png'))),
      );
      const readings = await recogniseBenchmark(lists, { images });
      expect(readings.map(({ format, pairs, missing }) => [format, pairs, missing])).toEqual([
        ['lfw-view1', 2, []],
        ['lfw-dev:pairsDevTest.txt', 2, []],
        ['lfw-dev:pairsDevTrain.txt', 2, []],
      ]);
      const open = await openBenchmark(join(lists, 'pairsDevTest.txt'), null, { images });
      expect(open.format).toBe('lfw-dev');
      expect(open.has('Ann/Ann_0002.jpg')).toBe(true);
      await open.close();
    }));

  it('takes RFW whole and by groups', () =>
    inFolder(async (dir) => {
      const list = (name: string): string => `m.${name}\t1\t2\nm.${name}\t1\tm.${name}x\t1\n`;
      await writeFiles(dir, {
        'txts/African/African_pairs.txt': list('a'),
        'txts/Asian/Asian_pairs.txt': list('b'),
        ...(await pictures([
          'data/African/m.a/m.a_0001.jpg',
          'data/African/m.a/m.a_0002.jpg',
          'data/African/m.ax/m.ax_0001.jpg',
        ])),
        ...(await pictures([
          'data/Asian/m.b/m.b_0001.jpg',
          'data/Asian/m.b/m.b_0002.jpg',
          'data/Asian/m.bx/m.bx_0001.jpg',
        ])),
      });
      const readings = await recogniseBenchmark(dir);
      expect(
        readings.map(({ format, images, groups, missing }) => [format, images, groups, missing]),
      ).toEqual([
        ['rfw', 6, ['African', 'Asian'], []],
        ['rfw:txts/African/African_pairs.txt', 3, ['African'], []],
        ['rfw:txts/Asian/Asian_pairs.txt', 3, ['Asian'], []],
      ]);
      expect(readings[0]?.title).toBe('RFW: African, Asian (without Caucasian, Indian)');
    }));

  it('takes CFP’s folder for two benchmarks, and AgeDB’s for one', () =>
    inFolder(async (dir) => {
      const list = (kind: string): string =>
        [1, 2].map((i) => `${i} ../Data/Images/00${i}/${kind}/01.jpg\n`).join('');
      await writeFiles(dir, {
        'Protocol/Pair_list_F.txt': list('frontal'),
        'Protocol/Pair_list_P.txt': list('profile'),
        'Protocol/Split/FF/01/same.txt': '1,1\n',
        'Protocol/Split/FF/01/diff.txt': '1,2\n',
        'Protocol/Split/FP/01/same.txt': '1,1\n',
        'Protocol/Split/FP/02/same.txt': '2,2\n',
        'Protocol/Split/FP/02/diff.txt': '2,1\n',
        ...(await pictures(['Data/Images/001/frontal/01.jpg', 'Data/Images/002/frontal/01.jpg'])),
        'AgeDB/04_FINAL_protocol_30_years.mat': fromBase64(benchmarkFiles.mat.compressed),
        ...(await pictures(['AgeDB/03_Protocol_Images/0_AnnLee_30_m.jpg'])),
      });
      expect(await recogniseBenchmark(dir)).toMatchObject([
        {
          format: 'cfp-ff',
          usable: true,
          images: 2,
          pairs: 2,
          folds: 1,
          missing: [],
          problems: ['1 pairs are of a picture with itself.'],
        },
        {
          format: 'agedb',
          name: 'AgeDB-30',
          usable: true,
          pairs: 8,
          folds: 2,
          missing: [expect.stringMatching(/^15 of 16/)],
        },
        { format: 'cfp-fp', usable: false, missing: ['Protocol/Split/FP/01/diff.txt'] },
      ]);
      await expect(openBenchmark(dir, 'cfp-fp')).rejects.toThrow(/diff.txt is missing/);
    }));

  it('takes MegaFace, with masks and without, and IJB', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, {
        'devkit/templatelists/facescrub_features_list.json':
          '{"id": ["A", "A"], "path": ["A/A_1.png", "A/A_2.png"]}',
        'devkit/templatelists/megaface_features_list.json_2_1': '{"path": ["1/2/3.jpg", "1/2/4.jpg"]}',
        'facescrub_noises.txt': 'A_2.png\n',
        'megaface_noises.txt': '1/2/4.jpg\n',
        ...(await pictures([
          'facescrub_crop/A/A_1.jpg',
          'facescrub_crop/A/A_2.jpg',
          'masked_facescrub_crop/A/A_1.jpg',
        ])),
        ...(await pictures([
          'megaface_crop/1/2/3.jpg',
          'megaface_crop/1/2/4.jpg',
          'masked_facescrub_crop/A/A_2.jpg',
        ])),
        'IJBC/meta/ijbc_face_tid_mid.txt': '1.jpg 1 1\n2.jpg 2 2\n',
        'IJBC/meta/ijbc_template_pair_label.txt': '1 2 0\n1 1 1\n',
        ...(await pictures(['IJBC/loose_crop/1.jpg', 'IJBC/loose_crop/2.jpg'], 40, 50)),
      });
      const readings = await recogniseBenchmark(dir);
      expect(readings).toMatchObject([
        { format: 'megaface', kind: 'megaface', images: 4, people: 1, missing: [], alignment: 'aligned' },
        { format: 'megaface-mask', kind: 'megaface', images: 6, missing: [] },
        {
          format: 'ijb',
          name: 'IJB-C',
          kind: 'templates',
          images: 2,
          pairs: 2,
          missing: [],
          alignment: 'detect',
        },
      ]);
      const masked = await openBenchmark(dir, 'megaface-mask');
      expect(masked.list).toMatchObject({
        maskedProbes: Int32Array.of(4, 5),
        noisyProbes: Int32Array.of(1),
        noisyDistractors: Int32Array.of(3),
      });
      expect(masked.place(masked.list.images[0]?.key ?? '')).toBe(join(dir, 'facescrub_crop/A/A_1.jpg'));
      expect(masked.place(masked.list.images[4]?.key ?? '')).toBe(
        join(dir, 'masked_facescrub_crop/A/A_1.jpg'),
      );
      await masked.close();
    }));

  it('takes NIST’s folders of IJB-A and IJB-B', () =>
    inFolder(async (dir) => {
      const rows =
        'TEMPLATE_ID,SUBJECT_ID,FILE,MEDIA_ID,SIGHTING_ID,FACE_X,FACE_Y,FACE_WIDTH,FACE_HEIGHT\n1,5,img/1.jpg,3,9,1,2,30,40\n2,5,img/2.jpg,4,9,1,2,30,40\n';
      await writeFiles(dir, {
        'A/split1/verify_metadata_1.csv': rows,
        'A/split1/verify_comparisons_1.csv': '1,2\n',
        'A/split1/search_gallery_1.csv': rows,
        'A/split1/search_probe_1.csv': rows,
        'B/ijbb_1N_gallery_S1.csv': rows,
        'B/ijbb_1N_probe_mixed.csv': rows,
        'B/ijbb_11_S1_S2_matches.csv': '1,2\n',
        ...(await pictures(['img/1.jpg', 'img/2.jpg'], 90, 80)),
      });
      const readings = await recogniseBenchmark(dir);
      expect(
        readings.map(({ format, name, images, pairs, usable }) => [format, name, images, pairs, usable]),
      ).toEqual([
        ['ijb-tables', 'IJB-B', 2, 1, true],
        ['ijba-11', 'IJB-A 1:1 split 1', 2, 1, true],
        ['ijba-1n', 'IJB-A 1:N split 1', 2, 0, true],
      ]);
    }));

  it('takes files that hold pictures and pairs', () =>
    inFolder(async (dir) => {
      const crops = await Promise.all([1, 2, 3, 4].map((seed) => encodeCrop(testPicture(seed, 112, 112))));
      await writeBin(join(dir, 'vgg2_fp.bin'), crops, [true, true]);
      const [reading] = await recogniseBenchmark(join(dir, 'vgg2_fp.bin'));
      expect(reading).toMatchObject({
        format: 'bin',
        name: 'VGGFace2-FP',
        pairs: 2,
        alignment: 'aligned',
        missing: [],
      });
      expect(reading?.problems).toEqual(['All 2 pairs are of one person: nothing can be told apart.']);
      const open = await openBenchmark(dir, null);
      expect([open.place('bin:1'), await open.open('bin:1')]).toEqual([null, crops[1]]);
      await open.close();
      await writeFiles(dir, { 'lfw/meta/sizes': '{}', 'lfw/meta/storage': '{}', 'x.bin': 'no pickle' });
      const all = await recogniseBenchmark(dir);
      expect(
        all.map(({ format, usable, missing, problems }) => [format, usable, missing, problems.length]),
      ).toEqual([
        ['bin:vgg2_fp.bin', true, [], 1],
        ['bin:x.bin', false, [], 1],
        ['bcolz', false, ['lfw_list.npy, which says which pairs are of one person'], 0],
      ]);
      expect((await recogniseBenchmark(join(dir, 'lfw'))).map(({ format }) => format)).toEqual(['bcolz']);
    }));

  it('draws pairs from the people of a .rec', () =>
    inFolder(async (dir) => {
      const crops = await Promise.all([1, 2, 3].map((seed) => encodeCrop(testPicture(seed, 112, 112))));
      const people = Array.from({ length: 60 }, (_, i) => ({
        label: Math.floor(i / 3),
        picture: crops[i % 3] ?? new Uint8Array(0),
      }));
      await writeRecordFile(join(dir, 'train.rec'), people);
      const [reading] = await recogniseBenchmark(join(dir, 'train.rec'));
      expect(reading).toMatchObject({
        format: 'rec',
        name: 'train',
        people: 20,
        folds: 10,
        missing: [],
        alignment: 'aligned',
      });
      const open = await openBenchmark(dir, 'rec');
      if (open.list.kind !== 'verification') throw new Error('no pairs');
      const { images, pairs } = open.list;
      expect(pairs.length).toBe(reading?.pairs);
      for (const { a, b, same } of pairs) expect(images[a]?.person === images[b]?.person).toBe(same);
      for (const { key, person } of images)
        expect(Math.floor((Number(key.slice(4)) - 1) / 3)).toBe(Number(person));
      expect(await open.open('rec:2')).toEqual(crops[1]);
      await expect(open.open('rec:0')).rejects.toMatchObject({ code: 'benchmark/no-picture' });
      await open.close();
      await writeRecordFile(join(dir, 'train.rec'), people.slice(0, 9));
      expect(await recogniseBenchmark(dir)).toMatchObject([
        { format: 'rec', usable: false, problems: [expect.stringMatching(/people/)] },
      ]);
    }));

  it('takes nothing for a benchmark that is none', () =>
    inFolder(async (dir) => {
      await writeFiles(dir, {
        'readme.txt': 'Words.\nMore words.\n',
        'data.csv': 'a,b\n1,2\n',
        ...(await pictures(['a.png'])),
      });
      expect(await recogniseBenchmark(dir)).toEqual([]);
      await expect(openBenchmark(dir, null)).rejects.toMatchObject({ code: 'benchmark/unrecognised' });
      await expect(recogniseBenchmark(join(dir, 'none'))).rejects.toMatchObject({ code: 'file/cannot-read' });
      const signal = AbortSignal.abort();
      await expect(recogniseBenchmark(dir, { signal })).rejects.toMatchObject({ name: 'Cancelled' });
    }));
});

const shared = fileURLToPath(new URL('../../../../shared/data/pairs-300', import.meta.url));

describe.skipIf(!existsSync(shared))('real files', () => {
  it('of 300 labelled pairs are a table with all of its pictures', async () => {
    expect(await recogniseBenchmark(shared)).toMatchObject([
      { format: 'table', pairs: 300, images: 25, missing: [], usable: true, alignment: 'detect' },
    ]);
  });
});
