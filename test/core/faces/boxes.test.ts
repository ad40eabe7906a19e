import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import {
  clip,
  iou,
  mapDetection,
  nms,
  overlap,
  round,
  square,
  suppress,
} from '../../../src/core/faces/boxes.ts';
import type { Box } from '../../../src/core/faces/types.ts';

const random = seededRandom(3);
const anyBox = (): Box => ({
  x: random.int(80) - 10,
  y: random.int(80) - 10,
  width: 1 + random.int(40),
  height: 1 + random.int(40),
});

/** Counts whole pixels: right for boxes on whole pixels. */
function pixelOverlap(a: Box, b: Box, mode: 'union' | 'min'): number {
  const inside = (box: Box, x: number, y: number): boolean =>
    x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
  let shared = 0;
  for (let y = -10; y < 120; y++)
    for (let x = -10; x < 120; x++) if (inside(a, x, y) && inside(b, x, y)) shared++;
  const [p, q] = [a.width * a.height, b.width * b.height];
  return shared / (mode === 'min' ? Math.min(p, q) : p + q - shared);
}

/** Suppression as its definition reads: again and again the best box that is left removes those like it. */
function bruteForce(
  boxes: readonly Box[],
  scores: readonly number[],
  threshold: number,
  mode: 'union' | 'min',
): number[] {
  let left = boxes.map((_, i) => i);
  const kept: number[] = [];
  while (left.length > 0) {
    const best = left.reduce((a, b) => ((scores[b] ?? 0) > (scores[a] ?? 0) ? b : a));
    kept.push(best);
    left = left.filter(
      (i) => i !== best && pixelOverlap(boxes[i] as Box, boxes[best] as Box, mode) <= threshold,
    );
  }
  return kept;
}

describe('boxes', () => {
  it('overlap as their pixels do', () => {
    for (let i = 0; i < 60; i++) {
      const [a, b] = [anyBox(), anyBox()];
      expect(iou(a, b)).toBeCloseTo(pixelOverlap(a, b, 'union'), 12);
      expect(overlap(a, b, 'min')).toBeCloseTo(pixelOverlap(a, b, 'min'), 12);
      expect(iou(a, b)).toBe(iou(b, a));
    }
  });

  it.each(['union', 'min'] as const)('are suppressed as by brute force (%s)', (mode) => {
    for (let i = 0; i < 12; i++) {
      const boxes = Array.from({ length: 25 }, anyBox);
      const scores = boxes.map(() => random.int(6) / 6); // with ties
      for (const threshold of [0.2, 0.5])
        expect(nms(boxes, scores, threshold, mode)).toEqual(bruteForce(boxes, scores, threshold, mode));
    }
  });

  it('are suppressed the same in any order, up to ties', () => {
    const boxes = Array.from({ length: 40 }, anyBox);
    const found = boxes.map((box, i) => ({ box, score: (i * 37) % 40, points: null }));
    expect(suppress([...found].reverse(), 0.4)).toEqual(suppress(found, 0.4));
  });

  it('become squares around the same middle', () => {
    expect(square({ x: 10, y: 20, width: 30, height: 50 }, 1.2)).toEqual({
      x: -5,
      y: 15,
      width: 60,
      height: 60,
    });
  });

  it('are clipped and rounded', () => {
    expect(clip({ x: -5, y: 10, width: 20, height: 200 }, 100, 50)).toEqual({
      x: 0,
      y: 10,
      width: 15,
      height: 40,
    });
    expect(clip({ x: 200, y: 10, width: 20, height: 20 }, 100, 50).width).toBe(0);
    expect(round({ x: 1.4, y: 2.6, width: 3.3, height: 3 })).toEqual({ x: 1, y: 3, width: 4, height: 3 });
  });

  it('move with their points', () => {
    const found = {
      box: { x: 1, y: 2, width: 3, height: 4 },
      score: 1,
      points: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    };
    expect(mapDetection(found, 2, 10, 20)).toEqual({
      box: { x: 12, y: 24, width: 6, height: 8 },
      score: 1,
      points: [12, 24, 16, 28, 20, 32, 24, 36, 28, 40],
    });
  });
});
