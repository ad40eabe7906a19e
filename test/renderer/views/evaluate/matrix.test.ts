import { describe, expect, it } from 'vitest';
import { badgesOf, marksOf } from '../../../../src/renderer/text/evaluation-words.ts';
import { bestRows, matrixOf, sortedRows } from '../../../../src/renderer/views/evaluate/matrix.ts';
import { moveInMatrix } from '../../../../src/renderer/views/evaluate/matrix-keys.ts';
import { resultOf } from './results.ts';

const standard = { flip: false, resamples: 1000, seed: 0, leaks: 'count', trainedOn: null } as const;
const results = [
  resultOf(4, 'B', 'LFW', 0.991),
  resultOf(3, 'A', 'LFW', 0.995),
  resultOf(2, 'A', 'CPLFW', 0.93),
  resultOf(5, 'A', 'LFW', 0.994, { protocol: 'standard', options: standard }),
  resultOf(6, 'A', 'LFW', 0.996, { protocol: 'standard', options: { ...standard, flip: true } }),
];
const names = (rows: readonly { readonly name: string }[]): string[] => rows.map(({ name }) => name);

describe('networks × benchmarks', () => {
  it('has one column for each benchmark of a protocol, and gaps where nothing was measured', () => {
    const { columns, rows } = matrixOf(results, 'evolve', false);
    expect(columns.map(({ benchmark }) => benchmark)).toEqual(['CPLFW', 'LFW']);
    expect(rows.find(({ name }) => name === 'A')?.values).toEqual([0.93, 0.995]);
    expect(rows.find(({ name }) => name === 'B')?.values).toEqual([null, 0.991]);
  });

  it('keeps mirrored crops apart, side by side', () => {
    const { columns } = matrixOf(results, null, false);
    expect(columns.map(({ benchmark, variant }) => `${benchmark} ${variant}`)).toEqual([
      'CPLFW evolve',
      'LFW evolve',
      'LFW standard',
      'LFW standard+flip',
    ]);
  });

  it('takes the newest of two results, which comes first in the list', () => {
    const { rows } = matrixOf([resultOf(9, 'A', 'LFW', 0.5), ...results], 'evolve', false);
    expect(rows.find(({ name }) => name === 'A')?.values.at(-1)).toBe(0.5);
  });

  it('shows the papers’ lines only where they have a number of that protocol', () => {
    const lines = matrixOf(results, 'evolve', true).rows.filter(({ published }) => published);
    const best = lines.find(({ name }) => name === 'IR-152, ArcFace, MS-Celeb-1M');
    expect(best?.values).toEqual([0.9305, 0.9982]);
    expect(lines.every(({ more }) => more.endsWith('face.evoLVe'))).toBe(true);
    const own = matrixOf([resultOf(1, 'A', 'My pairs', 0.9)], 'evolve', true);
    expect(own.rows).toHaveLength(1);
  });

  it('sorts by a column with what is missing last, both ways, and by name with the papers last', () => {
    const matrix = matrixOf(results, 'evolve', false);
    const [cplfw, lfw] = matrix.columns.map(({ key }) => key);
    expect(names(sortedRows(matrix, { column: lfw ?? '', down: true }))).toEqual(['A', 'B']);
    expect(names(sortedRows(matrix, { column: lfw ?? '', down: false }))).toEqual(['B', 'A']);
    expect(names(sortedRows(matrix, { column: cplfw ?? '', down: false }))).toEqual(['A', 'B']);
    const both = sortedRows(matrixOf(results, 'evolve', true), { column: 'name', down: true });
    expect(names(both).slice(0, 2)).toEqual(['B', 'A']);
    expect(both[2]?.published).toBe(true);
  });

  it('names the best of a column, if there is anything to compare', () => {
    expect(bestRows(matrixOf(results, 'evolve', true))).toEqual([null, 'A']);
    const equal = resultOf(6, 'C', 'LFW', 0.995 - 1e-12); // the same, as it is shown
    expect(bestRows(matrixOf([...results, equal], 'evolve', true))).toEqual([null, null]);
  });

  it('stays one column while the list of a benchmark changes', () => {
    const changed = resultOf(7, 'C', 'LFW', 0.9);
    const other = { ...changed, benchmark: { ...changed.benchmark, hash: 'another' } };
    expect(matrixOf([...results, other], 'evolve', false).columns).toHaveLength(2);
  });
});

describe('badges', () => {
  it('say what has to be known before a number is believed, and the marks say the same', () => {
    const leak = { version: { id: 1, name: 'Cast', hash: 'h' }, pictures: 1, people: 2, pairs: 9 };
    const all = resultOf(1, 'A', 'LFW', 0.9, {
      ...{ leak, leaked: 9, withAll: 0.95, lost: 3, marked: 2, outdated: true },
      benchmark: { id: null, name: 'LFW', hash: 'h', kind: 'verification' },
    });
    const badges = badgesOf(all);
    expect(badges.map(({ kind }) => kind)).toEqual(['leak', 'lost', 'marked', 'outdated', 'removed']);
    expect(badges[0]?.help).toContain('1 picture and 2 people');
    expect(badges[0]?.help).toContain('95.00%');
    expect(marksOf(all)).toEqual(badges.map(({ kind, tone }) => ({ kind, tone })));
    expect(badgesOf({ ...all, leaked: 0 })[0]).toMatchObject({ name: 'leak', tone: 'bad' });
    expect(badgesOf(resultOf(1, 'A', 'LFW', 0.9))).toEqual([]);
    // Looked at, and nothing found.
    expect(marksOf(resultOf(1, 'A', 'LFW', 0.9, { leak: { ...leak, pictures: 0, people: 0 } }))).toEqual([]);
  });
});

describe('the cursor of the matrix', () => {
  const size = { rows: 100, columns: 3, page: 10 };
  const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false });
  it('goes to heads and names, and stops at the ends', () => {
    expect(moveInMatrix({ row: 0, column: 0 }, press('ArrowUp'), size)).toEqual({ row: -1, column: 0 });
    expect(moveInMatrix({ row: -1, column: 0 }, press('ArrowUp'), size)).toEqual({ row: -1, column: 0 });
    expect(moveInMatrix({ row: 3, column: 0 }, press('Home'), size)).toEqual({ row: 3, column: -1 });
    expect(moveInMatrix({ row: 95, column: 1 }, press('PageDown'), size)).toEqual({ row: 99, column: 1 });
    expect(moveInMatrix({ row: 4, column: 1 }, press('PageUp'), size)).toEqual({ row: 0, column: 1 });
    expect(moveInMatrix({ row: 4, column: 1 }, press('End', true), size)).toEqual({ row: 99, column: 2 });
    expect(moveInMatrix({ row: 4, column: 1 }, press('x'), size)).toBeNull();
  });
});
