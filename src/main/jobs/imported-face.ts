import { assert } from '../../core/base/assert.ts';
import type { RgbImage } from '../../core/base/image.ts';
import { qualityOf } from '../../core/faces/quality.ts';
import { template } from '../../core/faces/template.ts';
import { warp } from '../../core/faces/warp.ts';
import { cropToSave, type FaceToSave } from './align.ts';

/** Longest side of a crop that was imported, pixels: networks take 112 to 256, and a pack is no place for posters. */
export const importedSide = 1024;

/**
 * The face of a picture that is an aligned crop itself: its points are the template's, its box is the picture. `pixels` is the
 * picture, or a smaller copy of one of `side` pixels. Quality is measured at 112 pixels, as of crops that were cut out here;
 * its angles are those of the template, since nothing says how the head was turned.
 */
export async function importedFace(pixels: RgbImage, side: number): Promise<FaceToSave> {
  assert(pixels.width === pixels.height, `a crop of ${pixels.width} × ${pixels.height} pixels`);
  const box = { x: 0, y: 0, width: side, height: side };
  const points = template(side);
  const measured = qualityOf(at112(pixels), box, points);
  const { overall, sharpness, brightness, yaw, pitch, roll } = measured;
  return {
    ...{ box, points, score: 1 },
    quality: { overall, sharpness, brightness, yaw, pitch, roll },
    ...(await cropToSave(pixels)),
  };
}

function at112(pixels: RgbImage): RgbImage {
  const side = 112;
  if (pixels.width === side) return pixels;
  const shrink = { a: side / pixels.width, b: 0, tx: 0, ty: 0, reflect: false };
  return warp(pixels, shrink, side);
}
