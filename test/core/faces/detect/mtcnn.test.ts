import { describe, expect, it } from 'vitest';
import {
  decodeOutput,
  decodeProposals,
  decodeRefined,
  pyramidScales,
  settle,
} from '../../../../src/core/faces/detect/mtcnn.ts';
import { zeros } from './encode.ts';

const factor = 707 / 1000;

describe('pyramidScales', () => {
  it('begins at 12 / smallest face and shrinks by 0.707 while the smaller side is above 12', () => {
    const scales = pyramidScales(640, 480, 20);
    expect(scales[0]).toBeCloseTo(0.6, 12);
    for (const [i, scale] of scales.entries()) {
      expect(scale).toBeCloseTo(0.6 * factor ** i, 10);
      expect(480 * scale).toBeGreaterThan(12);
    }
    expect(480 * (scales.at(-1) ?? 0) * factor).toBeLessThanOrEqual(12);
    expect(pyramidScales(10, 10, 20)).toEqual([]);
  });
});

describe('MTCNN', () => {
  it('proposes windows of 12 pixels every 2, in photograph pixels, with their offsets', () => {
    const [scores, offsets] = [zeros(1, 2, 5, 7), zeros(1, 4, 5, 7)];
    const cell = 3 * 7 + 4; // row 3, column 4
    scores.data[35 + cell] = 0.9;
    scores.data[5] = 1; // the other class must not matter
    for (const [k, v] of [0.1, -0.2, 0.3, 0.4].entries()) offsets.data[35 * k + cell] = v;
    const [found, ...others] = decodeProposals(scores, offsets, 0.5, 0.6);
    expect(others).toEqual([]);
    expect(found?.score).toBeCloseTo(0.9, 6);
    expect(found?.box).toEqual({ x: 16, y: 12, width: 24, height: 24 });
    const { x = 0, y = 0, width = 0, height = 0 } = found?.moved ?? {};
    expect([x, y, x + width, y + height].map((v) => Math.round(v * 1e4) / 1e4)).toEqual([
      16 + 2.4,
      12 - 4.8,
      40 + 7.2,
      36 + 9.6,
    ]);
  });

  const boxes = [
    { x: 10, y: 20, width: 100, height: 100 },
    { x: 200, y: 50, width: 40, height: 40 },
  ];

  it('refines boxes and drops poor ones', () => {
    const scores = { shape: [2, 2], data: Float32Array.of(0.1, 0.9, 0.8, 0.2) };
    const offsets = { shape: [2, 4], data: Float32Array.of(0.1, 0, 0, -0.1, 0, 0, 0, 0) };
    const found = decodeRefined(boxes, scores, offsets, 0.7);
    expect(found).toHaveLength(1);
    expect(found[0]?.box).toBe(boxes[0]);
    expect(found[0]?.moved.x).toBeCloseTo(20, 4);
    expect(found[0]?.moved.width).toBeCloseTo(90, 4);
    expect(found[0]?.moved.height).toBeCloseTo(90, 4);
  });

  it('places points in the box before it is moved: all x, then all y', () => {
    const scores = { shape: [2, 2], data: Float32Array.of(0, 0.2, 0, 1) };
    const offsets = { shape: [2, 4], data: new Float32Array(8).fill(0.25) };
    const points = { shape: [2, 10], data: new Float32Array(20) };
    points.data.set([0.25, 0.75, 0.5, 0.25, 0.75, 0.25, 0.25, 0.5, 0.75, 0.75], 10);
    const [found, ...others] = decodeOutput(boxes, scores, offsets, points, 0.8);
    expect(others).toEqual([]);
    expect(found?.points).toEqual([210, 60, 230, 60, 220, 70, 210, 80, 230, 80]);
    expect(found?.box).toEqual({ x: 210, y: 60, width: 40, height: 40 });
  });
});

describe('settle', () => {
  const at = (x: number, score: number, shift: number) => ({
    box: { x, y: 0, width: 40, height: 40 },
    score,
    points: Array.from({ length: 10 }, (_, i) => x + i + shift),
  });

  it('keeps the best window of each face, with the mean of the points of all its windows, weighted by scores', () => {
    const found = [at(101, 0.85, 0), at(0, 0.9, 3), at(1, 1, -1), at(100, 0.95, 0)];
    const [one, other, ...more] = settle(found);
    expect(more).toEqual([]);
    expect([one?.box.x, one?.score, other?.box.x, other?.score]).toEqual([1, 1, 100, 0.95]);
    // the windows at 0 and 1 answer i + 3 and i: i + 2.7 / 1.9
    one?.points?.forEach((value, i) => {
      expect(value).toBeCloseTo(i + 2.7 / 1.9, 9);
    });
    expect(other?.points?.[0]).toBeCloseTo((0.95 * 100 + 0.85 * 101) / 1.8, 9);
  });

  it('takes no points from a face that is beside it, nor from a window that is much larger', () => {
    const large = { ...at(-20, 0.99, 50), box: { x: -20, y: -20, width: 80, height: 80 } };
    const [one] = settle([at(0, 1, 0), at(20, 0.9, 9), large]);
    expect(one?.points).toEqual(at(0, 1, 0).points);
  });

  it('has nothing to settle where nothing was found', () => {
    expect(settle([])).toEqual([]);
  });
});
