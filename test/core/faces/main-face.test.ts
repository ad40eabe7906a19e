import { expect, it } from 'vitest';
import { mainFace } from '../../../src/core/faces/main-face.ts';

const box = (x: number, y: number, side: number) => ({ x, y, width: side, height: side });

it('takes the big one in the middle for whom the label means', () => {
  expect(mainFace([box(0, 0, 60), box(75, 75, 50)], 200, 200)).toBe(1);
  expect(mainFace([box(80, 80, 40), box(0, 0, 190)], 200, 200)).toBe(1);
  expect(mainFace([box(0, 0, 1)], 200, 200)).toBe(0);
  expect(mainFace([], 200, 200)).toBe(-1);
});
