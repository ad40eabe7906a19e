import { describe, expect, it } from 'vitest';
import { readIjbMeta, readIjbTables } from '../../../src/core/benchmarks/ijb.ts';
import { megafaceList, readMegafaceJson, readNoiseList } from '../../../src/core/benchmarks/megaface.ts';
import { numberRows } from '../../../src/core/benchmarks/number-rows.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
function rowsOf(text: string, cut = 3): { readonly columns: number; readonly values: Int32Array } {
  const rows = numberRows('x.txt', [2, 3]);
  const all = bytes(text);
  for (let at = 0; at < all.length; at += cut) rows.push(all.subarray(at, at + cut));
  return rows.finish();
}

describe('rows of numbers', () => {
  it('are read wherever the bytes are cut', () => {
    for (const cut of [1, 2, 3, 100]) {
      expect(rowsOf('1 2 1\n34\t5,0\r\n\n2147483647 7 8', cut)).toEqual({
        columns: 3,
        values: Int32Array.of(1, 2, 1, 34, 5, 0, 2147483647, 7, 8),
      });
      expect(rowsOf('TEMPLATE_ID1,TEMPLATE_ID2\n1,2\n', cut)).toEqual({
        columns: 2,
        values: Int32Array.of(1, 2),
      });
    }
    expect(rowsOf('')).toEqual({ columns: 0, values: new Int32Array(0) });
  });

  it('name the line where they are wrong', () => {
    expect(() => rowsOf('1 2\n1\n')).toThrow(/Line 2 of x.txt: there are 1 numbers/);
    expect(() => rowsOf('1 2\n1 2 3\n')).toThrow(/Line 2 .*3 numbers where there should be 2/);
    expect(() => rowsOf('1 2 3 4\n')).toThrow(/more than 3/);
    expect(() => rowsOf('1 2\n3 x\n')).toThrow(/Line 2 .*“x” where numbers should be/);
    expect(() => rowsOf('1 2147483648\n')).toThrow(/beyond/);
  });
});

describe('MegaFace’s lists', () => {
  const probes = readMegafaceJson(
    '{"id": ["A", "A", "B"], "path": ["A/A_1.png", "A/A_2.png", "B b/B b_1.png"]}',
    'f.json',
  );
  const distractors = readMegafaceJson('{"path": ["001/1@N/2.jpg", "001/1@N/3.jpg"]}', 'm.json');

  it('are probes, distractors, and what is noise among them', () => {
    const list = megafaceList({
      probes,
      distractors,
      probeNoise: readNoiseList('# comment\nA_2.jpg\nB_b_1\n', 'noise.txt'),
      distractorNoise: readNoiseList('7\t001/1@N/3.jpg\n', 'noise.txt'),
      folders: { probes: 'facescrub', distractors: 'megaface', masked: 'masked' },
    });
    expect(list.images.map(({ key, person }) => [key, person])).toEqual([
      ['facescrub/A/A_1.png', 'A'],
      ['facescrub/A/A_2.png', 'A'],
      ['facescrub/B b/B b_1.png', 'B'],
      ['megaface/001/1@N/2.jpg', null],
      ['megaface/001/1@N/3.jpg', null],
      ['masked/A/A_1.png', 'A'],
      ['masked/A/A_2.png', 'A'],
      ['masked/B b/B b_1.png', 'B'],
    ]);
    expect({ ...list, images: [] }).toEqual({
      kind: 'megaface',
      images: [],
      probes: Int32Array.of(0, 1, 2),
      maskedProbes: Int32Array.of(5, 6, 7),
      distractors: Int32Array.of(3, 4),
      noisyProbes: Int32Array.of(1, 2),
      noisyDistractors: Int32Array.of(4),
    });
  });

  it('say what is wrong', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['{"path": [', /f.json is damaged at byte 10: it is no JSON/],
      ['[]', /no list “path”/],
      ['{"path": []}', /no list of paths/],
      ['{"path": ["a", 1.5, null]}', /no list of paths/],
      ['{"path": ["a", "../"]}', /its path 2 is none/],
      ['{"path": ["a"], "id": []}', /1 paths and 0 ids/],
    ];
    for (const [text, message] of cases)
      expect(() => readMegafaceJson(text, 'f.json'), text).toThrow(message);
    const folders = { probes: '', distractors: '', masked: null };
    const twice = { probes, distractors: probes, probeNoise: [], distractorNoise: [], folders };
    expect(() => megafaceList(twice)).toThrow(/name this picture twice/);
  });
});

describe('IJB', () => {
  const text = (file: string, content: string): { readonly file: string; readonly text: string } => ({
    file,
    text: content,
  });

  it('is read from the lists that InsightFace uses', () => {
    const list = readIjbMeta({
      members: text('tid_mid.txt', '1.jpg 10 100\n2.jpg 10 101\n3.jpg 11 102\n4.jpg 12 102\n'),
      points: text('5pts.txt', ['1.jpg 1 2 3 4 5 6 7 8 9 10 0.5', '3.jpg 1 2 3 4 5 6 7 8 9 10 1'].join('\n')),
      pairs: { file: 'pairs.txt', columns: 3, values: Int32Array.of(10, 11, 1, 12, 10, 0) },
      galleries: [{ ...text('G1.csv', 'TEMPLATE_ID,SUBJECT_ID\n10,5\n'), name: 'G1' }],
      probes: text('probe.csv', 'TEMPLATE_ID, SUBJECT_ID\n11,5\n12,6\n11,5\n'),
    });
    expect(list.images.map(({ key, detectorScore, person }) => [key, detectorScore, person])).toEqual([
      ['1.jpg', 0.5, '5'],
      ['2.jpg', null, '5'],
      ['3.jpg', 1, '5'],
      ['4.jpg', null, '6'],
    ]);
    expect(list.images[0]?.points).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(list.members).toEqual({
      image: Int32Array.of(0, 1, 2, 3),
      template: Int32Array.of(0, 0, 1, 2),
      media: Int32Array.of(100, 101, 102, 102),
    });
    expect(list.templates).toEqual([
      { id: 10, subject: 5 },
      { id: 11, subject: 5 },
      { id: 12, subject: 6 },
    ]);
    expect(list.pairs).toEqual({ a: Int32Array.of(0, 2), b: Int32Array.of(1, 0), same: Uint8Array.of(1, 0) });
    expect(list.galleries).toEqual([{ name: 'G1', templates: Int32Array.of(0) }]);
    expect(list.probes).toEqual(Int32Array.of(1, 2));
  });

  it('is read from NIST’s tables: a face of a picture may belong to several templates', () => {
    const header = 'TEMPLATE_ID,SUBJECT_ID,FILENAME,FACE_X,FACE_Y,FACE_WIDTH,FACE_HEIGHT,SIGHTING_ID\n';
    const list = readIjbTables({
      galleries: [
        {
          ...text('G1.csv', `${header}1,5,img/1.jpg,10,20,30,40,7\n1,5,frames/2.png,1,2,3,4,8\n`),
          name: 'G1',
        },
      ],
      probes: text('probe.csv', `${header}2,5,img/1.jpg,10,20,30,40,7\n3,6,img/1.jpg,50,20,30,40,9\n`),
      others: [],
      pairs: { file: 'm.csv', columns: 2, values: Int32Array.of(1, 2, 1, 3) },
    });
    expect(list.images.map(({ key, box }) => [key, box])).toEqual([
      ['img/1.jpg@10,20,30,40', { x: 10, y: 20, width: 30, height: 40 }],
      ['frames/2.png@1,2,3,4', { x: 1, y: 2, width: 3, height: 4 }],
      ['img/1.jpg@50,20,30,40', { x: 50, y: 20, width: 30, height: 40 }],
    ]);
    expect([...list.members.image]).toEqual([0, 1, 0, 2]);
    expect([...list.members.template]).toEqual([0, 0, 1, 2]);
    expect([...(list.pairs?.same ?? [])]).toEqual([1, 0]);
  });

  it('says which line or template is wrong', () => {
    const meta = {
      members: text('m.txt', '1.jpg 10 100\n'),
      points: null,
      pairs: null,
      galleries: [],
      probes: null,
    };
    expect(() => readIjbMeta({ ...meta, members: text('m.txt', '1.jpg 10 x\n') })).toThrow(/Line 1 of m.txt/);
    expect(() => readIjbMeta({ ...meta, members: text('m.txt', '10 100\n') })).toThrow(/no picture’s name/);
    expect(() => readIjbMeta({ ...meta, points: text('p.txt', '1.jpg 1 2\n') })).toThrow(/Line 1 of p.txt/);
    const pairs = { file: 'p.txt', columns: 3, values: Int32Array.of(10, 11, 1) };
    expect(() => readIjbMeta({ ...meta, pairs })).toThrow(/p.txt is not whole: the template 11 of row 1/);
    const gallery = { name: 'G1', file: 'g.csv', text: 'TEMPLATE_ID,SUBJECT_ID\n99,1\n' };
    expect(() => readIjbMeta({ ...meta, galleries: [gallery] })).toThrow(/Line 2 of g.csv: the template 99/);
    expect(() => readIjbMeta({ ...meta, probes: text('g.csv', 'A,B\n1,2\n') })).toThrow(
      /TEMPLATE_ID and SUBJECT_ID/,
    );
  });
});
