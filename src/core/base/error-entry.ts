/** An error of the catalogue. */
export interface ErrorEntry {
  /** What happened; `{name}` is replaced by the value of that name. */
  readonly message: string;
  /** What to do about it; shown as it is. */
  readonly hint: string;
}
