import { describe, expect, it } from 'vitest';
import { movedAlong, rateAt, ratePath, rateTable } from '../../../../src/renderer/parts/chart/rates.ts';

const line = {
  ...{ id: 'a', label: 'A', colour: 1, dash: [] },
  points: [
    [0, 0],
    [0, 0.5],
    [0.01, 0.5],
    [0.01, 0.9],
    [1, 1],
  ] as const,
};
const far = { from: 1e-3, to: 1, log: true, name: 'FAR', format: String };
const tar = { from: 0, to: 1, log: false, name: 'TAR', format: String };

describe('curves of rates', () => {
  it('are read along their lines; a step counts as gone up', () => {
    expect(rateAt(line, 0)).toBe(0.5);
    expect(rateAt(line, 0.005)).toBe(0.5);
    expect(rateAt(line, 0.01)).toBe(0.9);
    expect(rateAt(line, 0.505)).toBeCloseTo(0.95, 12);
    expect(rateAt(line, 2)).toBe(1);
    expect(rateAt({ points: [[3, 0.2]] }, 1)).toBe(0.2);
    expect(rateAt({ points: [] }, 0.1)).toBeNull();
  });

  it('are drawn by logarithms, what lies below the axis at its beginning', () => {
    const across = { ...far, start: 0, end: 300 };
    const up = { ...tar, start: 100, end: 0 };
    expect(ratePath(line, across, up)).toBe('M0.00 100.00L0.00 50.00L100.00 50.00L100.00 10.00L300.00 0.00');
  });

  it('stand in a table', () => {
    const table = rateTable([line], far, tar, [0.001, 0.01]);
    expect(table.heads).toEqual(['FAR', 'A']);
    expect(table.rows).toEqual([
      { place: '0.001', cells: ['0.5'] },
      { place: '0.01', cells: ['0.9'] },
    ]);
  });

  it('have a cursor that moves by shares of the axis and stays on it', () => {
    expect(movedAlong(far, 0.01, 1 / 3)).toBeCloseTo(0.1, 12);
    expect(movedAlong(far, 0.01, -1)).toBe(0.001);
    expect(movedAlong(tar, 0.5, 0.25)).toBe(0.75);
    expect(movedAlong(tar, 0.9, 0.25)).toBe(1);
  });
});
