import type { Writer } from '../../store/database.ts';
import { facesOfPhoto } from '../../store/faces.ts';
import { type PhotoToSave, saveAlignedPhoto } from './save-photo.ts';

/**
 * Gives a photograph the faces that were found in another one with the same bytes; crops are shared by content, so
 * nothing is computed. Returns how many faces there are.
 */
export function copyAlignment(
  writer: Writer,
  twin: number,
  photo: PhotoToSave,
  options: Parameters<typeof saveAlignedPhoto>[3],
): number {
  // What a user set by hand in the other photograph is not what the detector found.
  const faces = facesOfPhoto(writer, twin).filter((face) => !face.edited);
  const found = faces.map(({ box, score, points, quality, crop, cropSize }) => ({
    ...{ box, score, points, quality, cropSize },
    crop: new Uint8Array(),
    cropHash: crop,
  }));
  saveAlignedPhoto(writer, photo, { id: photo.id, faces: found, problem: null }, options);
  return found.length;
}
