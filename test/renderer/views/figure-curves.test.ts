import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/core/contract/runs.ts';
import { frameOf } from '../../../src/renderer/state/run-frame.ts';
import { curveLine, figureCurves } from '../../../src/renderer/views/train/curves.ts';

const column = (values: number[]) => ({ min: values, max: values, mean: values });
const series: Series = {
  ...{ run: 1, first: 1, end: 4, steps: [1, 2, 3], every: 1 },
  columns: {
    loss: column([9, 8, 7]),
    scale: column([15, 16, 17]),
    hardShare: column([0.5, 0.25, 0.125]),
    sharpness: column([1, 2, 3]),
  },
};

describe('curves of what a head tells', () => {
  const frame = frameOf(series, 0, Number.POSITIVE_INFINITY);
  const curves = figureCurves(frame);

  it('are those that every run has not, in words where there are any', () => {
    expect(curves.map(({ title }) => title)).toEqual([
      'Scale s',
      'Hard negatives, share of all',
      'sharpness',
    ]);
    expect(curves.map(({ kind }) => kind)).toEqual(['number', 'share', 'number']);
    expect(figureCurves(null)).toEqual([]);
  });

  it('have the values of their columns', () => {
    const [scale] = curves;
    if (!scale) throw new Error('no curve');
    const options = { id: 'scale', label: 'Scale', colour: 1, dash: [], window: 0, imagesPerStep: 8 };
    expect(curveLine(scale, frame, [1, 2, 3], options).points).toMatchObject({
      x: [1, 2, 3],
      y: [15, 16, 17],
    });
  });
});
