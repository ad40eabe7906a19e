import type { Box, Detection } from './types.ts';

/*
 * Boxes are half open: a box covers x … x + width. MTCNN's inclusive corners (x2 = x1 + width − 1, areas with + 1)
 * are the same rectangles once they are written this way, so that there is one formula for all detectors.
 */

/**
 * Coordinates as networks give them, x and y in turn, as points of pixels whose centres are at whole numbers. A network
 * sees a picture that was resized edge to edge, where the first pixel's centre is at one half.
 */
export function toPixelCentres(coordinates: readonly number[]): number[] {
  return coordinates.map((value) => value - 0.5);
}

/** How the overlap is measured: against the union of both boxes, or against the smaller of them. */
export type OverlapMode = 'union' | 'min';

/** Overlap of two boxes in 0..1. */
export function overlap(a: Box, b: Box, mode: OverlapMode = 'union'): number {
  const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (w <= 0 || h <= 0) return 0;
  const shared = w * h;
  const areaA = a.width * a.height;
  const areaB = b.width * b.height;
  return shared / (mode === 'min' ? Math.min(areaA, areaB) : areaA + areaB - shared);
}

/** Intersection over union. */
export function iou(a: Box, b: Box): number {
  return overlap(a, b, 'union');
}

/**
 * Non-maximum suppression: the indices of the boxes that stay, best score first (of equal scores the lower index).
 * A box falls where it overlaps a better one that stays by more than `threshold`.
 */
export function nms(
  boxes: readonly Box[],
  scores: ArrayLike<number>,
  threshold: number,
  mode: OverlapMode = 'union',
): number[] {
  const order = boxes.map((_, i) => i).sort((i, j) => (scores[j] ?? 0) - (scores[i] ?? 0) || i - j);
  const kept: number[] = [];
  // corners and areas of the boxes that stay: P-Net proposes thousands, so that this loop is kept flat
  const corners = new Float64Array(5 * boxes.length);
  for (const index of order) {
    const box = boxes[index];
    if (!box) continue;
    const { x, y, width, height } = box;
    const right = x + width;
    const bottom = y + height;
    const area = width * height;
    let stays = true;
    for (let k = 0, end = 5 * kept.length; k < end; k += 5) {
      const w = Math.min(right, corners[k + 2] ?? 0) - Math.max(x, corners[k] ?? 0);
      if (w <= 0) continue;
      const h = Math.min(bottom, corners[k + 3] ?? 0) - Math.max(y, corners[k + 1] ?? 0);
      if (h <= 0) continue;
      const shared = w * h;
      const other = corners[k + 4] ?? 0;
      if (shared / (mode === 'min' ? Math.min(area, other) : area + other - shared) > threshold) {
        stays = false;
        break;
      }
    }
    if (!stays) continue;
    corners.set([x, y, right, bottom, area], 5 * kept.length);
    kept.push(index);
  }
  return kept;
}

/** Detections after non-maximum suppression, best first. */
export function suppress(
  detections: readonly Detection[],
  threshold: number,
  mode: OverlapMode = 'union',
): Detection[] {
  const kept = nms(
    detections.map((found) => found.box),
    detections.map((found) => found.score),
    threshold,
    mode,
  );
  return kept.flatMap((index) => detections[index] ?? []);
}

/** The square around the box's middle whose side is the box's longer side times `scale`. */
export function square(box: Box, scale = 1): Box {
  const side = Math.max(box.width, box.height) * scale;
  return {
    x: box.x + (box.width - side) / 2,
    y: box.y + (box.height - side) / 2,
    width: side,
    height: side,
  };
}

/** The part of the box that lies within a photograph of `width`×`height`; its sides are 0 where nothing does. */
export function clip(box: Box, width: number, height: number): Box {
  const x = Math.min(Math.max(box.x, 0), width);
  const y = Math.min(Math.max(box.y, 0), height);
  const right = Math.min(Math.max(box.x + box.width, 0), width);
  const bottom = Math.min(Math.max(box.y + box.height, 0), height);
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

/** The box with its corners on whole pixels (half goes up). */
export function round(box: Box): Box {
  const x = Math.round(box.x);
  const y = Math.round(box.y);
  return { x, y, width: Math.round(box.x + box.width) - x, height: Math.round(box.y + box.height) - y };
}

/** A detection in the coordinates of another picture: p' = p·scale + shift. */
export function mapDetection(found: Detection, scale: number, shiftX = 0, shiftY = 0): Detection {
  const { box, points, score } = found;
  return {
    score,
    box: {
      x: box.x * scale + shiftX,
      y: box.y * scale + shiftY,
      width: box.width * scale,
      height: box.height * scale,
    },
    points: points?.map((value, i) => value * scale + (i % 2 === 0 ? shiftX : shiftY)) ?? null,
  };
}
