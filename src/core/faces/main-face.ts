import type { Box } from './types.ts';

/**
 * Which of several faces a photograph's label most likely means: the biggest near the middle, by
 * area − 2·(distance of the centres)², as face recognition benchmarks choose. −1 where there is none.
 */
export function mainFace(boxes: readonly Box[], width: number, height: number): number {
  const weights = boxes.map((box) => {
    const dx = box.x + box.width / 2 - width / 2;
    const dy = box.y + box.height / 2 - height / 2;
    return box.width * box.height - 2 * (dx * dx + dy * dy);
  });
  return weights.indexOf(Math.max(...weights));
}
