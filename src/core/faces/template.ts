import type { Points5 } from './types.ts';

/**
 * Where the five points of a frontal face lie in the 112×112 crop, in pixels whose centres are at whole numbers.
 * Source: the 96×112 template of SphereFace (Liu et al. 2017), x + 8; face.evoLVe and FaceX-Zoo share it (spec §1.4).
 */
export const template112: Points5 = [
  38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041,
];

/** The template for a crop of `size`×`size` pixels: the 112 template times size / 112. */
export function template(size: number): Points5 {
  return template112.map((value) => (value * size) / 112);
}
