import { assert, defined } from '../../base/assert.ts';
import type { Detection } from '../types.ts';
import { type PriorLevel, priors, ssdBox } from './priors.ts';
import { type InputSize, type RawTensor, type Rows, secondClass, withColumns } from './tensor.ts';

/** Anchors of Ultra-Light-Fast-Generic-Face-Detector-1MB: 4,420 at 320×240, 17,640 at 640×480. */
export const ultrafaceLevels: readonly PriorLevel[] = [
  { stride: 8, sides: [10, 16, 24] },
  { stride: 16, sides: [32, 48] },
  { stride: 32, sides: [64, 96] },
  { stride: 64, sides: [128, 192, 256] },
];

/**
 * UltraFace: classes [rows, 2] and boxes [rows, 4]. The usual export decodes the boxes inside the network (corners in
 * 0..1 of the input's sides); another leaves SSD offsets. Offsets of thousands of anchors never look like corners:
 * somewhere the third number is below the first. No points.
 * Boxes are in pixels of the input; nothing is suppressed yet.
 */
export function decodeUltraface(
  outputs: readonly RawTensor[],
  input: InputSize,
  scoreThreshold: number,
): Detection[] {
  const boxes = defined(withColumns(outputs, 4)[0], 'the boxes of UltraFace');
  const scores = secondClass(defined(withColumns(outputs, 2)[0], 'the classes of UltraFace'));
  assert(boxes.rows === scores.length, `${boxes.rows} boxes for ${scores.length} scores`);
  const corners = areCorners(boxes);
  const anchors = corners ? new Float64Array() : priors(ultrafaceLevels, input);
  assert(
    corners || anchors.length === 3 * boxes.rows,
    `${boxes.rows} rows for ${anchors.length / 3} anchors`,
  );
  const found: Detection[] = [];
  for (const [row, score] of scores.entries()) {
    if (score < scoreThreshold) continue;
    const box = corners ? cornerBox(boxes, input, row) : ssdBox(boxes, anchors, row);
    found.push({ score, box, points: null });
  }
  return found;
}

function areCorners({ data, rows }: Rows): boolean {
  for (let row = 0; row < rows; row++) {
    if ((data[4 * row + 2] ?? 0) < (data[4 * row] ?? 0)) return false;
    if ((data[4 * row + 3] ?? 0) < (data[4 * row + 1] ?? 0)) return false;
  }
  return true;
}

function cornerBox({ data }: Rows, { width, height }: InputSize, row: number): Detection['box'] {
  const [left = 0, top = 0, right = 0, bottom = 0] = data.subarray(4 * row, 4 * row + 4);
  return { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height };
}
