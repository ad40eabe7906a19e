import { describe, expect, it } from 'vitest';
import { readCfp } from '../../../src/core/benchmarks/cfp.ts';
import { joinGroups, joinViews, readLfwPairs } from '../../../src/core/benchmarks/lfw.ts';
import { readTable } from '../../../src/core/benchmarks/table.ts';
import { readTablePairs } from '../../../src/core/benchmarks/table-pairs.ts';
import { pairTextKind } from '../../../src/core/benchmarks/text-kind.ts';
import { readTwoLinePairs } from '../../../src/core/benchmarks/two-lines.ts';
import type { VerificationList } from '../../../src/core/benchmarks/types.ts';

/** Pairs as their pictures' names. */
const named = ({ pairs, images }: VerificationList): readonly (readonly unknown[])[] =>
  pairs.map(({ a, b, same, fold }) => [images[a]?.key, images[b]?.key, same, fold]);
const file = 'pairs.txt';

describe('LFW’s lists', () => {
  const view2 = '\ufeff2\t1\nAnn_Lee\t1\t12\r\nAnn_Lee\t1\tBob\t3\n\nBob\t3\t4\nBob\t1\tCy_O’Hara\t10000\n';

  it('of View 2 have folds of as many pairs of each kind; blank lines end nothing', () => {
    const list = readLfwPairs(view2, { file });
    expect(named(list)).toEqual([
      ['Ann_Lee/Ann_Lee_0001.jpg', 'Ann_Lee/Ann_Lee_0012.jpg', true, 0],
      ['Ann_Lee/Ann_Lee_0001.jpg', 'Bob/Bob_0003.jpg', false, 0],
      ['Bob/Bob_0003.jpg', 'Bob/Bob_0004.jpg', true, 1],
      ['Bob/Bob_0001.jpg', 'Cy_O’Hara/Cy_O’Hara_10000.jpg', false, 1],
    ]);
    expect(list).toMatchObject({ folds: 2, groups: [], training: [] });
    expect(list.images).toHaveLength(6);
    expect(list.images[1]).toEqual({ key: 'Ann_Lee/Ann_Lee_0012.jpg', person: 'Ann_Lee', group: null });
  });

  it('of View 1 have no folds, and join with those to choose a threshold on', () => {
    const training = readLfwPairs('1\nAnn 1 2\nAnn 1 Bob 1\n', { file });
    const testing = readLfwPairs('1\nBob 1 2\nCy 1 Bob 1\n', { file });
    expect(training.folds).toBeNull();
    const both = joinViews(training, testing);
    expect(named(both)).toEqual([
      ['Bob/Bob_0001.jpg', 'Bob/Bob_0002.jpg', true, null],
      ['Cy/Cy_0001.jpg', 'Bob/Bob_0001.jpg', false, null],
    ]);
    expect(named({ ...both, pairs: both.training })).toEqual([
      ['Ann/Ann_0001.jpg', 'Ann/Ann_0002.jpg', true, null],
      ['Ann/Ann_0001.jpg', 'Bob/Bob_0001.jpg', false, null],
    ]);
  });

  it('may be tables with names of columns', () => {
    const list = readLfwPairs('name,imagenum1,imagenum2,\nAnn,1,2,\nBob,3,4,\n', { file });
    expect(named(list)).toEqual([
      ['Ann/Ann_0001.jpg', 'Ann/Ann_0002.jpg', true, null],
      ['Bob/Bob_0003.jpg', 'Bob/Bob_0004.jpg', true, null],
    ]);
  });

  it('of RFW have a group, ten folds without saying so, and join with one another', () => {
    const text = (name: string): string =>
      Array.from({ length: 20 }, (_, i) =>
        i % 2 === 0 ? `m.${name}\t1\t${i + 2}` : `m.${name}\t1\tm.x\t${i}`,
      ).join('\n');
    const african = readLfwPairs(text('0a'), { file, group: 'African' });
    expect(named(african)[0]).toEqual(['African/m.0a/m.0a_0001.jpg', 'African/m.0a/m.0a_0002.jpg', true, 0]);
    const all = joinGroups([african, readLfwPairs(text('0b'), { file, group: 'Asian' })]);
    expect(all.groups).toEqual(['African', 'Asian']);
    expect(all.folds).toBe(10);
    for (let fold = 0; fold < 10; fold++) {
      const groups = all.pairs.filter((pair) => pair.fold === fold).map(({ a }) => all.images[a]?.group);
      expect(groups).toEqual(['African', 'African', 'Asian', 'Asian']);
    }
    expect(all.pairs.every(({ a, b }) => all.images[a]?.group === all.images[b]?.group)).toBe(true);
  });

  it('name the line where they are wrong', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /Line 1 of pairs.txt: there are no pairs/],
      ['10\t300\n', /no pairs/],
      ['1\t1\nAnn\t1\t2\n', /Line 1 of pairs.txt: it promises 2 pairs, .* there are 1/],
      ['Ann\t1\t2\n\nAnn\t1\n', /Line 3 .* this has 2: “Ann\t?/],
      ['Ann\t1\tx\n', /Line 1 .*“x” is no number/],
      ['Ann\t1\t2\n../b\t1\t2\n', /Line 2 .*“..\/b” is no name/],
      ['Ann\t1\t2\n..\t1\t2\n', /Line 2/],
    ];
    for (const [text, message] of cases) expect(() => readLfwPairs(text, { file }), text).toThrow(message);
  });
});

describe('lists of two lines to a pair', () => {
  it('of CPLFW are put in folds that have both kinds', () => {
    const pairs = Array.from(
      { length: 40 },
      (_, i) => `P${i}_1.jpg ${i < 20 ? 1 : 0}\nQ${i}_2.jpg ${i < 20 ? 1 : 0}\n`,
    );
    const list = readTwoLinePairs(pairs.join(''), 'pairs_CPLFW.txt');
    expect(list.folds).toBe(10);
    expect(named(list).slice(0, 5)).toEqual([
      ['P0_1.jpg', 'Q0_2.jpg', true, 0],
      ['P1_1.jpg', 'Q1_2.jpg', true, 0],
      ['P20_1.jpg', 'Q20_2.jpg', false, 0],
      ['P21_1.jpg', 'Q21_2.jpg', false, 0],
      ['P2_1.jpg', 'Q2_2.jpg', true, 1],
    ]);
    expect(list.images[0]?.person).toBe('P0');
  });

  it('of CALFW have the fold as the label of one person', () => {
    const list = readTwoLinePairs('A_B_0001.jpg 7\nA_B_0002.jpg 7\nC_0001.jpg 0\nD_0001.jpg 0\n', file);
    expect(named(list).map(([, , same]) => same)).toEqual([true, false]);
    expect(list.images.map(({ person }) => person)).toEqual(['A_B', 'A_B', 'C', 'D']);
  });

  it('of SLLFW have folders for labels, and keep their order', () => {
    const text = 'Ann/Ann_0001.jpg\nBob/Bob_0001.jpg\nAnn/Ann_0001.jpg\nAnn/Ann_0002.jpg\n';
    expect(named(readTwoLinePairs(text, file)).map(([, , same]) => same)).toEqual([false, true]);
  });

  it('name the line where they are wrong', () => {
    expect(() => readTwoLinePairs('a.jpg 1\nb.jpg 1\nc.jpg 0\n', file)).toThrow(/Line 3 .*no second picture/);
    expect(() => readTwoLinePairs('a.jpg 1\nb.jpg 0\n', file)).toThrow(/Line 2 .*label/);
    expect(() => readTwoLinePairs('a.jpg\nb.jpg\n', file)).toThrow(/Line 1 .*neither a label nor a folder/);
    expect(() => readTwoLinePairs('a.jpg 1\nb 1\n', file)).toThrow(/Line 2 .*“b” is no name/);
    expect(() => readTwoLinePairs(' \n', file)).toThrow(/no pairs/);
  });
});

describe('tables', () => {
  it('have quoted fields, with separators, quotes and line ends in them', () => {
    const rows = readTable('a;"b;""c"""\r\n\n"d\ne" ;f\n', 'x.csv');
    expect(rows).toEqual([
      { line: 1, fields: ['a', 'b;"c"'] },
      { line: 3, fields: ['d\ne', 'f'] },
    ]);
    expect(readTable('a\t\tb\nc', 'x.tsv')).toEqual([
      { line: 1, fields: ['a', '', 'b'] },
      { line: 2, fields: ['c'] },
    ]);
    expect(readTable('a   b c ', 'x.txt')).toEqual([{ line: 1, fields: ['a', 'b', 'c'] }]);
    expect(() => readTable('a,b\n"c', 'x.csv')).toThrow(/Line 2 of x.csv: a quotation mark/);
  });

  it('of pairs name their columns or have them in order', () => {
    const text = 'Decision,file_x,"file_y",fold,race\nYes,a.jpg,b.jpg,2,Asian\nno,"c, d.jpg",a.jpg,1,Asian\n';
    const list = readTablePairs(text, 'x.csv');
    expect(named(list)).toEqual([
      ['a.jpg', 'b.jpg', true, 1],
      ['c, d.jpg', 'a.jpg', false, 0],
    ]);
    expect(list).toMatchObject({ folds: 2, groups: ['Asian'] });
    expect(named(readTablePairs('a.jpg b.jpg 1\nb.jpg c.jpg -1\n', 'x.txt'))).toEqual([
      ['a.jpg', 'b.jpg', true, null],
      ['b.jpg', 'c.jpg', false, null],
    ]);
  });

  it('know people by folders where these agree with the labels', () => {
    const people = (text: string): unknown[] => readTablePairs(text, 'x').images.map(({ person }) => person);
    expect(people('p/a.jpg p/b.jpg 1\np/a.jpg q/c.jpg 0\n')).toEqual(['p', 'p', 'q']);
    expect(people('p/a.jpg q/b.jpg 1\np/a.jpg q/c.jpg 0\n')).toEqual([null, null, null]);
  });

  it('of pairs name the line where they are wrong', () => {
    expect(() => readTablePairs('a.jpg,b.jpg,1\na.jpg,b.jpg,perhaps\n', 'x')).toThrow(
      /Line 2 .*“perhaps” in column 3/,
    );
    expect(() => readTablePairs('a.jpg,,1\n', 'x')).toThrow(/Line 1 .*column 2 is no path/);
    expect(() => readTablePairs('a.jpg,../../x/../b,1\n', 'x')).toThrow(/column 2 is no path/);
    expect(() => readTablePairs('img1,img2,same,fold\na.jpg,b.jpg,1,x\n', 'x')).toThrow(
      /column 4 is no number of a fold/,
    );
  });
});

describe('CFP’s folder', () => {
  const list = (kind: string): { readonly file: string; readonly text: string } => ({
    file: `Pair_list_${kind}.txt`,
    text: [1, 2, 3]
      .map((i) => `${i} ../Data/Images/00${i}/${kind === 'F' ? 'frontal' : 'profile'}/0${i}.jpg\n`)
      .join(''),
  });
  const fold = (
    same: string,
    different: string,
  ): {
    readonly same: { file: string; text: string };
    readonly different: { file: string; text: string };
  } => ({
    same: { file: 'same.txt', text: same },
    different: { file: 'diff.txt', text: different },
  });

  it('numbers frontal pictures and profiles apart', () => {
    const texts = {
      frontal: list('F'),
      profile: list('P'),
      folds: [fold('1,1\n', '1,2\n'), fold('2,2', '3,1')],
    };
    expect(named(readCfp(texts, 'FP'))).toEqual([
      ['Data/Images/001/frontal/01.jpg', 'Data/Images/001/profile/01.jpg', true, 0],
      ['Data/Images/001/frontal/01.jpg', 'Data/Images/002/profile/02.jpg', false, 0],
      ['Data/Images/002/frontal/02.jpg', 'Data/Images/002/profile/02.jpg', true, 1],
      ['Data/Images/003/frontal/03.jpg', 'Data/Images/001/profile/01.jpg', false, 1],
    ]);
    expect(named(readCfp(texts, 'FF'))[1]?.[1]).toBe('Data/Images/002/frontal/02.jpg');
    expect(readCfp(texts, 'FF').images[0]?.person).toBe('001');
  });

  it('names the line where it is wrong', () => {
    const texts = { frontal: list('F'), profile: list('P'), folds: [fold('1,1\n1,9\n', '')] };
    expect(() => readCfp(texts, 'FP')).toThrow(/Line 2 of same.txt: “1,9” is no pair/);
    expect(() => readCfp({ ...texts, folds: [] }, 'FP')).toThrow(/no pairs/);
    const twice = { file: 'F.txt', text: '1 a/b/c.jpg\n1 a/b/d.jpg\n' };
    expect(() => readCfp({ ...texts, frontal: twice }, 'FF')).toThrow(/Line 2 of F.txt: the number 1/);
  });
});

describe('the form of a text', () => {
  it('is told by its first lines', () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ['10\t300\nAbel_Pacheco\t1\t4\nAbdel_Madi_Shabneh\t1\tDean_Barker\t1\n', 'lfw'],
      ['1100\nA 1 4\n', 'lfw'],
      ['name,imagenum1,imagenum2\nA,1,4\n', 'lfw'],
      ['m.0c\t1\t2\n', 'lfw'],
      ['A_0001.jpg 1\nA_0002.jpg 1\n', 'two-lines'],
      ['A/A_0001.jpg\nB/B_0001.jpg\n', 'two-lines'],
      ['file_x,file_y,Decision\nimg20.jpg,img21.jpg,Yes\n', 'table'],
      ['a.png b.png 0\n', 'table'],
      ['"a, b.png";c.png;same\n', 'table'],
      ['This is a readme.\nNothing else.\n', null],
      ['', null],
      ['10 300\n', null],
      ['a.jpg 1\n', null],
    ];
    for (const [text, kind] of cases) expect(pairTextKind(text), text).toBe(kind);
  });
});
