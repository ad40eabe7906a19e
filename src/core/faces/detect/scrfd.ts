import { assert } from '../../base/assert.ts';
import type { Detection } from '../types.ts';
import { areProbabilities, type InputSize, type RawTensor, sigmoid, withColumns } from './tensor.ts';

/**
 * SCRFD (Guo et al. 2021; InsightFace): per stride s = 8, 16, 32 (64, 128) a map of cells with `anchors` anchors each:
 * score [rows, 1], distances to the box's sides [rows, 4] and, in some models, five points [rows, 10]; rows run over
 * y, x, anchor. In units of s, from the cell's corner (x, y)·s:
 *   left = x·s − d₀·s, top = y·s − d₁·s, right = x·s + d₂·s, bottom = y·s + d₃·s, point = (x, y)·s + k·s.
 * Boxes and points are in pixels of the input; nothing is suppressed yet.
 */
export function decodeScrfd(
  outputs: readonly RawTensor[],
  input: InputSize,
  scoreThreshold: number,
): Detection[] {
  const scores = withColumns(outputs, 1);
  const boxes = withColumns(outputs, 4);
  const points = withColumns(outputs, 10);
  assert(scores.length === boxes.length && scores.length >= 3, 'SCRFD has scores and boxes for each stride');
  assert(points.length === 0 || points.length === scores.length, 'SCRFD has points for all strides or none');
  const asProbability = scores.every(({ data }) => areProbabilities(data)) ? (x: number) => x : sigmoid;
  const found: Detection[] = [];
  for (const [level, score] of scores.entries()) {
    const stride = 8 << level;
    const columns = Math.ceil(input.width / stride);
    const anchors = score.rows / (columns * Math.ceil(input.height / stride));
    assert(Number.isInteger(anchors) && anchors > 0, `${score.rows} rows at stride ${stride}`);
    const box = boxes[level]?.data ?? new Float32Array();
    const point = points[level]?.data;
    for (let row = 0; row < score.rows; row++) {
      const confidence = asProbability(score.data[row] ?? 0);
      if (confidence < scoreThreshold) continue;
      const cell = Math.floor(row / anchors);
      const x = (cell % columns) * stride;
      const y = Math.floor(cell / columns) * stride;
      const at = (i: number): number => (box[4 * row + i] ?? 0) * stride;
      found.push({
        score: confidence,
        box: { x: x - at(0), y: y - at(1), width: at(0) + at(2), height: at(1) + at(3) },
        points: point
          ? Array.from(point.subarray(10 * row, 10 * row + 10), (k, i) => k * stride + (i % 2 === 0 ? x : y))
          : null,
      });
    }
  }
  return found;
}
