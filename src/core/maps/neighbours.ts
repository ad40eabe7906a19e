/** The nearest others of each of n points, nearest first. */
export interface Neighbours {
  readonly count: number;
  readonly k: number;
  /** [n, k] */
  readonly indices: Int32Array;
  /** Squared distances; of unit vectors 2 − 2·cosine. [n, k] */
  readonly squares: Float64Array;
}
