import { assert, defined } from '../../base/assert.ts';
import type { Detection } from '../types.ts';
import { type PriorLevel, priors, ssdBox, ssdPoints } from './priors.ts';
import { type InputSize, type RawTensor, secondClass, withColumns } from './tensor.ts';

/** Two anchors in each cell of three maps (FaceX-Zoo's SDK, spec §1.4). */
export const retinafaceLevels: readonly PriorLevel[] = [
  { stride: 8, sides: [16, 32] },
  { stride: 16, sides: [64, 128] },
  { stride: 32, sides: [256, 512] },
];

/**
 * RetinaFace (Deng et al. 2019), the MobileNet form: box offsets [rows, 4], classes [rows, 2], five points [rows, 10].
 * Boxes and points are in pixels of the input; nothing is suppressed yet.
 */
export function decodeRetinaface(
  outputs: readonly RawTensor[],
  input: InputSize,
  scoreThreshold: number,
): Detection[] {
  const boxes = defined(withColumns(outputs, 4)[0], 'the boxes of RetinaFace');
  const classes = defined(withColumns(outputs, 2)[0], 'the classes of RetinaFace');
  const points = defined(withColumns(outputs, 10)[0], 'the points of RetinaFace');
  const anchors = priors(retinafaceLevels, input);
  assert(boxes.rows === anchors.length / 3, `${boxes.rows} rows for ${anchors.length / 3} anchors`);
  const scores = secondClass(classes);
  const found: Detection[] = [];
  for (const [row, score] of scores.entries()) {
    if (score < scoreThreshold) continue;
    found.push({ score, box: ssdBox(boxes, anchors, row), points: ssdPoints(points, anchors, row) });
  }
  return found;
}
