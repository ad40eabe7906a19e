import type { RgbImage } from '../../core/base/image.ts';
import { type Quality, qualityOf } from '../../core/faces/quality.ts';
import { solve } from '../../core/faces/similarity.ts';
import { template } from '../../core/faces/template.ts';
import type { Box, Points5, Similarity, Solver } from '../../core/faces/types.ts';
import { warp } from '../../core/faces/warp.ts';
import type { DetectOptions, Detector } from './detector.ts';
import type { LandmarkModel } from './landmarks.ts';

export interface AlignOptions {
  /** Side of the crops in pixels; 112 unless told otherwise. */
  readonly cropSize?: number;
  readonly solver?: Solver;
}

export interface FindOptions extends AlignOptions, DetectOptions {
  /** Gives the five points where the detector gives boxes only; without it such faces are left out. */
  readonly landmarks?: LandmarkModel;
}

/** A face in a photograph, aligned. */
export interface FaceFound {
  readonly box: Box;
  /** The detector's confidence, 0..1. */
  readonly score: number;
  readonly points: Points5;
  /** Photograph → crop. */
  readonly similarity: Similarity;
  readonly crop: RgbImage;
  readonly quality: Quality;
}

/** The aligned crop for five points of a photograph; null where the points are degenerate. */
export function alignFace(
  image: RgbImage,
  points: Points5,
  options: AlignOptions = {},
): { readonly similarity: Similarity; readonly crop: RgbImage } | null {
  const { cropSize = 112, solver = 'umeyama' } = options;
  const similarity = solve(solver, points, template(cropSize));
  return similarity ? { similarity, crop: warp(image, similarity, cropSize) } : null;
}

/** The faces of a photograph, best score first: detection → five points → similarity → crop → quality. */
export async function findFaces(
  image: RgbImage,
  detector: Detector,
  options: FindOptions = {},
): Promise<FaceFound[]> {
  const found: FaceFound[] = [];
  for (const { box, score, points } of await detector.detect(image, options)) {
    const five = points ?? (await options.landmarks?.five(image, box)) ?? null;
    const aligned = five && alignFace(image, five, options);
    if (!five || !aligned) continue;
    found.push({ box, score, points: five, ...aligned, quality: qualityOf(aligned.crop, box, five) });
  }
  return found;
}
