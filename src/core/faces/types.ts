/** A rectangle in pixels of the upright photograph; it may reach beyond the photograph's edge. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Five points, x and y in turn, in pixels whose centres are at whole numbers: the eye on the picture's left, the eye on
 * its right, the nose's tip, the mouth's corner on the picture's left and on its right. [10]
 */
export type Points5 = readonly number[];

/** A face that a detector found. */
export interface Detection {
  readonly box: Box;
  /** Confidence in 0..1. */
  readonly score: number;
  /** Absent where the detector gives boxes only. */
  readonly points: Points5 | null;
}

/** How five points become the 112×112 crop: spec §1.4. */
export type Solver = 'umeyama' | 'evolve';

/** Maps photograph to crop: x' = a·x − b·y + tx, y' = b·x + a·y + ty (mirrored: see `reflect`). */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
  /** True where the transform mirrors: x' = a·x + b·y + tx, y' = b·x − a·y + ty. */
  readonly reflect: boolean;
}
