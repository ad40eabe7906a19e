import { assert } from '../../base/assert.ts';
import type { Detection } from '../types.ts';
import { areProbabilities, type InputSize, type RawTensor, sigmoid, withColumns } from './tensor.ts';

/** Pixels per cell of the three maps. */
export const yunetStrides = [8, 16, 32] as const;

/**
 * YuNet (Wu, Peng, Yu 2023; libfacedetection): per stride s a map of ⌈H/s⌉×⌈W/s⌉ cells with class and objectness
 * [cells, 1], box [cells, 4] and five points [cells, 10].
 *   score = √(class · objectness), x = (column + d₀)·s, width = e^d₂·s, point = (column + k)·s.
 * The product makes it unnecessary to know which of the two [cells, 1] tensors is which.
 * Boxes and points are in pixels of the input; nothing is suppressed yet.
 */
export function decodeYunet(
  outputs: readonly RawTensor[],
  input: InputSize,
  scoreThreshold: number,
): Detection[] {
  const boxes = withColumns(outputs, 4);
  const points = withColumns(outputs, 10);
  const scores = withColumns(outputs, 1);
  assert(boxes.length === 3 && points.length === 3 && scores.length === 6, 'YuNet has twelve outputs');
  const asProbability = scores.every(({ data }) => areProbabilities(data)) ? (x: number) => x : sigmoid;
  const found: Detection[] = [];
  for (const [level, stride] of yunetStrides.entries()) {
    const columns = Math.ceil(input.width / stride);
    const box = boxes[level]?.data ?? new Float32Array();
    const point = points[level]?.data ?? new Float32Array();
    const first = scores[2 * level]?.data ?? new Float32Array();
    const second = scores[2 * level + 1]?.data ?? new Float32Array();
    const cells = columns * Math.ceil(input.height / stride);
    assert(first.length === cells && second.length === cells, `${first.length} cells instead of ${cells}`);
    for (let cell = 0; cell < cells; cell++) {
      const clamp = (x: number): number => Math.min(1, Math.max(0, asProbability(x)));
      const score = Math.sqrt(clamp(first[cell] ?? 0) * clamp(second[cell] ?? 0));
      if (score < scoreThreshold) continue;
      const column = cell % columns;
      const row = (cell - column) / columns;
      const at = (i: number): number => box[4 * cell + i] ?? 0;
      const width = Math.exp(at(2)) * stride;
      const height = Math.exp(at(3)) * stride;
      found.push({
        score,
        box: {
          x: (column + at(0)) * stride - width / 2,
          y: (row + at(1)) * stride - height / 2,
          width,
          height,
        },
        points: Array.from(
          point.subarray(10 * cell, 10 * cell + 10),
          (k, i) => (k + (i % 2 === 0 ? column : row)) * stride,
        ),
      });
    }
  }
  return found;
}
