import type { RgbImage } from '../base/image.ts';
import { poseOf } from './pose.ts';
import { applyToPoints } from './similarity.ts';
import { template } from './template.ts';
import type { Box, Points5, Similarity } from './types.ts';

/** What can be seen of a face's quality without a network. */
export interface Quality {
  /** All in one, 0..1: see `overallQuality`. */
  readonly overall: number;
  /** 0..1; LFW's faces have 0.6 to 0.96, half is a Gaussian blur of about 2 pixels of the 112 crop, 0.25 one of 3. */
  readonly sharpness: number;
  /** Mean grey of the face, 0..1. */
  readonly brightness: number;
  /** Standard deviation of the grey, 0..1 (an even spread of all greys gives 0.29). */
  readonly contrast: number;
  /** Degrees, estimated from the five points. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** Shorter side of the face's box in photograph pixels. */
  readonly size: number;
}

/** Where the marks of the formula lie. Data, so that a test or a setting can see and change them. */
export const qualityMarks = {
  /** Variance of the Laplacian over the variance of the grey at which sharpness is one half. */
  halfSharp: 0.02,
  /** Pixels of the shorter side at which the size counts one half. */
  halfSize: 32,
  /** Contrast at which it counts one half. */
  halfContrast: 0.06,
  /** Degrees of yaw or pitch at which the pose counts one half. */
  halfTurn: 55,
} as const;

/**
 * The one number: sharpness^½ · size · contrast · light · pose, each factor in 0..1,
 *   size = s² / (s² + 32²) for the shorter side s of the box,
 *   contrast = c² / (c² + 0.06²), light = 1 − (2·|brightness − ½|)⁴,
 *   pose = 1 / (1 + (turn / 55°)⁴) with turn² = yaw² + pitch².
 * It orders faces by how much a person, or a network, can see of them; it is not a probability.
 */
export function overallQuality(part: Omit<Quality, 'overall'>): number {
  const { halfSize, halfContrast, halfTurn } = qualityMarks;
  const size = part.size ** 2 / (part.size ** 2 + halfSize ** 2);
  const contrast = part.contrast ** 2 / (part.contrast ** 2 + halfContrast ** 2);
  const light = 1 - Math.min(1, 2 * Math.abs(part.brightness - 0.5)) ** 4;
  const turn = (part.yaw ** 2 + part.pitch ** 2) / halfTurn ** 2;
  return Math.sqrt(part.sharpness) * size * contrast * light * (1 / (1 + turn ** 2));
}

/**
 * The quality of a face from its aligned crop, its box and its points in the photograph.
 *
 * Sharpness looks at the middle of the crop, where the face is and the background is not: the variance of the
 * Laplacian (4·centre − neighbours, Pech-Pacheco et al. 2000) over the variance of the grey there, r, as r/(r + 0.02).
 * A crop that was sampled up is smooth and scores low, which is meant.
 */
export function qualityOf(crop: RgbImage, box: Box, points: Points5): Quality {
  const grey = greyOf(crop);
  const { width, height } = crop;
  const left = Math.round(width * 0.2);
  const right = width - left;
  const top = Math.round(height * 0.25);
  const bottom = height - Math.round(height * 0.1);
  let n = 0;
  let sum = 0;
  let squares = 0;
  let edges = 0;
  let edgeSquares = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * width + x;
      const g = grey[i] ?? 0;
      const edge =
        4 * g - (grey[i - 1] ?? 0) - (grey[i + 1] ?? 0) - (grey[i - width] ?? 0) - (grey[i + width] ?? 0);
      n++;
      sum += g;
      squares += g * g;
      edges += edge;
      edgeSquares += edge * edge;
    }
  }
  const variance = squares / n - (sum / n) ** 2;
  const edgeVariance = edgeSquares / n - (edges / n) ** 2;
  // 4 grey levels² are noise: a flat patch is not sharp
  const ratio = edgeVariance / (variance + 4);
  const part = {
    sharpness: ratio / (ratio + qualityMarks.halfSharp),
    brightness: sum / n / 255,
    contrast: Math.sqrt(Math.max(0, variance)) / 255,
    ...poseOf(points),
    size: Math.min(box.width, box.height),
  };
  return { ...part, overall: overallQuality(part) };
}

/** Grey = (77 R + 150 G + 29 B) / 256, the whole-number form of ITU-R BT.601. */
function greyOf({ data, width, height }: RgbImage): Float64Array {
  const grey = new Float64Array(width * height);
  for (let i = 0; i < grey.length; i++)
    grey[i] = (77 * (data[3 * i] ?? 0) + 150 * (data[3 * i + 1] ?? 0) + 29 * (data[3 * i + 2] ?? 0)) / 256;
  return grey;
}

/**
 * How far the five points lie from the template after alignment: root of the mean square in pixels of a 112 crop.
 * Frontal faces have 2 or 3, profiles more, wrong points far more.
 */
export function alignmentError(points: Points5, transform: Similarity): number {
  const mapped = applyToPoints(transform, points);
  const wanted = template(112);
  return Math.sqrt(mapped.reduce((sum, v, i) => sum + (v - (wanted[i] ?? 0)) ** 2, 0) / 5);
}
