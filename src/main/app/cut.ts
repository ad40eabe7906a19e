import { stat } from 'node:fs/promises';
import { error } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { Photo } from '../../core/contract/datasets.ts';
import { qualityOf } from '../../core/faces/quality.ts';
import type { Box, Points5, Solver } from '../../core/faces/types.ts';
import { decodeImage } from '../images/decode.ts';
import { encodeCrop } from '../images/encode.ts';
import { alignSide } from '../jobs/align.ts';
import { alignFace } from '../models/pipeline.ts';
import type { AlignedFace } from '../store/faces.ts';
import { getOrigin, getPhoto } from '../store/photos.ts';
import type { Context } from './context.ts';
import { sha256 } from './library.ts';

/** The bytes of a photograph, or its path. Errors: `photo/unknown`, `photo/gone`. */
export async function originOf(context: Context, photo: number): Promise<string | Uint8Array> {
  const origin = getOrigin(context.store, photo);
  if (origin === null) throw error('photo/unknown', { photo });
  if (origin.path === null) {
    const bytes = await context.library.read('originals', origin.hash);
    if (bytes === null) throw error('photo/gone', { path: origin.key });
    return bytes;
  }
  const { path } = origin;
  await stat(path).catch((thrown: unknown) => {
    throw error('photo/gone', { path }, thrown);
  });
  return path;
}

/** Pixels of a photograph, at most `alignSide` long: the same that alignment works on. */
export async function decodePhoto(context: Context, photo: number): Promise<RgbImage> {
  return await decodeImage(await originOf(context, photo), { maxSide: alignSide });
}

/** The square around five points that a detector's box would be: about 2.6 times the distance of eyes to mouth. */
export function boxOfPoints(points: Points5): Box {
  const at = (index: number): number => points[index] ?? 0;
  const eyesX = (at(0) + at(2)) / 2;
  const eyesY = (at(1) + at(3)) / 2;
  const mouthX = (at(6) + at(8)) / 2;
  const mouthY = (at(7) + at(9)) / 2;
  const side =
    2.6 * Math.max(Math.hypot(mouthX - eyesX, mouthY - eyesY), Math.hypot(at(2) - at(0), at(3) - at(1)));
  const x = (eyesX + mouthX) / 2 - side / 2;
  const y = (eyesY + mouthY) / 2 - side / 2;
  return { x, y, width: side, height: side };
}

/**
 * Cuts a face out of a photograph by five points in the photograph's pixels.
 * Errors: `photo/unknown`, `photo/gone`, `face/degenerate-points`, those of decoding.
 */
export async function cutFace(
  context: Context,
  photoId: number,
  points: Points5,
  solver: Solver,
  box: Box | null,
): Promise<{ readonly photo: Photo; readonly face: AlignedFace; readonly png: Uint8Array }> {
  const photo = getPhoto(context.store, photoId);
  if (photo === null) throw error('photo/unknown', { photo: photoId });
  const image = await decodePhoto(context, photoId);
  const scale = Math.max(image.width, image.height) / Math.max(photo.width, photo.height);
  const cut = alignFace(
    image,
    points.map((value) => value * scale),
    { solver },
  );
  if (cut === null) throw error('face/degenerate-points');
  const png = await encodeCrop(cut.crop);
  const frame = box ?? boxOfPoints(points);
  const { overall, sharpness, brightness, yaw, pitch, roll } = qualityOf(cut.crop, frame, points);
  const quality = { overall, sharpness, brightness, yaw, pitch, roll };
  const face = { box: frame, score: 1, points, solver, quality, crop: sha256(png), cropSize: cut.crop.width };
  return { photo, face, png };
}
