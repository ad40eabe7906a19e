import { assert, defined } from '../../base/assert.ts';
import type { Detection } from '../types.ts';
import { type PriorLevel, priors } from './priors.ts';
import { type InputSize, type RawTensor, sigmoid, withColumns } from './tensor.ts';

/** Anchors per cell of each map; their size does not matter, since the offsets are in pixels of the input. */
const shortRange: readonly PriorLevel[] = [
  { stride: 8, sides: [1, 1] },
  { stride: 16, sides: [1, 1, 1, 1, 1, 1] },
];
const backRange: readonly PriorLevel[] = [
  { stride: 16, sides: [1, 1] },
  { stride: 32, sides: [1, 1, 1, 1, 1, 1] },
];
const fullRange: readonly PriorLevel[] = [{ stride: 4, sides: [1] }];

/** The anchors that fit the number of rows: 896 at 128 px, 896 at 256 px, 2,304 at 192 px. Null where none do. */
export function blazefaceAnchors(rows: number, input: InputSize): Float64Array | null {
  for (const levels of [shortRange, backRange, fullRange]) {
    const anchors = priors(levels, input);
    if (anchors.length === 3 * rows) return anchors;
  }
  return null;
}

/**
 * BlazeFace (Bazarevsky et al. 2019): logits [rows, 1] and [rows, 16]: the box's middle from the anchor's, its sides,
 * and six points (eyes, nose, mouth's middle, ears), all in pixels of the input. There are no corners of the mouth in
 * it, so that it gives boxes only; the five points come from a landmark model.
 * Boxes are in pixels of the input; nothing is suppressed yet.
 */
export function decodeBlazeface(
  outputs: readonly RawTensor[],
  input: InputSize,
  scoreThreshold: number,
): Detection[] {
  const boxes = defined(withColumns(outputs, 16)[0], 'the boxes of BlazeFace');
  const logits = defined(withColumns(outputs, 1)[0], 'the scores of BlazeFace');
  const anchors = blazefaceAnchors(boxes.rows, input);
  assert(anchors !== null && logits.rows === boxes.rows, `${boxes.rows} rows for BlazeFace`);
  const found: Detection[] = [];
  for (let row = 0; row < boxes.rows; row++) {
    const score = sigmoid(logits.data[row] ?? 0);
    if (score < scoreThreshold) continue;
    const [x = 0, y = 0, width = 0, height = 0] = boxes.data.subarray(16 * row, 16 * row + 4);
    const box = {
      x: (anchors[3 * row] ?? 0) + x - width / 2,
      y: (anchors[3 * row + 1] ?? 0) + y - height / 2,
      width,
      height,
    };
    if (width > 0 && height > 0) found.push({ score, box, points: null });
  }
  return found;
}
