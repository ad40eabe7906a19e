import { describe, expect, it } from 'vitest';
import { layOut } from '../../../../src/renderer/parts/chart/layout.ts';
import { lineStyle } from '../../../../src/renderer/parts/chart/line.ts';
import { place } from '../../../../src/renderer/parts/chart/scale.ts';

const line = (y: readonly number[], deviation?: readonly number[]) => ({
  ...lineStyle(0),
  id: 'a',
  label: 'a',
  points: { x: y.map((_, i) => i), y },
  ...(deviation === undefined ? {} : { deviation }),
});
const x = { range: [0, 3], kind: 'whole' } as const;

describe('layOut', () => {
  it('never writes a share above all of it, and leaves room for the dots there', () => {
    for (const lines of [[line([1, 1, 1])], [line([0.5, 0.95, 1], [0.2, 0.2, 0.2])], [line([0.99, 1, 1])]]) {
      const frame = layOut(400, 200, lines, x, { kind: 'share', log: false });
      expect(frame.yTicks.length).toBeGreaterThan(1);
      expect(frame.yTicks.at(-1)).toMatchObject({ value: expect.closeTo(1, 9) });
      expect(place(frame.y, 1)).toBeGreaterThan(frame.top + 1);
    }
  });

  it('leaves other figures their room', () => {
    const frame = layOut(400, 200, [line([1, 1, 1])], x, { kind: 'number', log: false });
    expect(frame.yTicks.some(({ value }) => value > 1)).toBe(true);
    const few = layOut(400, 200, [line([0.1, 0.2, 0.3])], x, { kind: 'share', log: false });
    expect(few.y.to).toBeCloseTo(0.31, 9);
  });
});
