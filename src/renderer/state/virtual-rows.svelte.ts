/** What a virtual list must know; read anew whenever it changes. */
export interface VirtualOptions {
  readonly count: number;
  /** Least width of a cell; as many columns are made as fit. Infinity makes one column. */
  readonly minWidth: number;
  readonly gap: number;
  /** Height of a cell of that width. */
  heightOf(width: number): number;
}

const overscan = 2; // rows above and below the view

/** Which rows of a list of cells of one size are in view. */
export class VirtualRows {
  width = $state(0);
  height = $state(0);
  scrollTop = $state(0);
  readonly #options: () => VirtualOptions;

  constructor(options: () => VirtualOptions) {
    this.#options = options;
  }

  readonly columns = $derived.by(() => {
    const { minWidth, gap } = this.#options();
    return Math.max(1, Math.floor((this.width + gap) / (minWidth + gap)));
  });
  readonly cellWidth = $derived.by(() => {
    const { gap } = this.#options();
    return Math.max(1, (this.width - gap * (this.columns - 1)) / this.columns);
  });
  readonly cellHeight = $derived.by(() => this.#options().heightOf(this.cellWidth));
  readonly rowHeight = $derived.by(() => this.cellHeight + this.#options().gap);
  readonly rowCount = $derived.by(() => Math.ceil(this.#options().count / this.columns));
  readonly totalHeight = $derived.by(() => Math.max(0, this.rowCount * this.rowHeight - this.#options().gap));
  readonly firstRow = $derived.by(() =>
    Math.max(0, Math.min(this.rowCount - 1, Math.floor(this.scrollTop / this.rowHeight)) - overscan),
  );
  readonly lastRow = $derived.by(() =>
    Math.min(this.rowCount - 1, Math.ceil((this.scrollTop + this.height) / this.rowHeight) + overscan - 1),
  );
  readonly rows = $derived.by(() =>
    Array.from({ length: Math.max(0, this.lastRow - this.firstRow + 1) }, (_, i) => this.firstRow + i),
  );
  /** As many rows as are ever drawn at once: a row's elements are used again for the row that many further on. */
  readonly pool = $derived.by(() => Math.ceil(this.height / this.rowHeight) + 2 * overscan + 1);
  /** Places of the cells in those rows. */
  readonly first = $derived.by(() => this.firstRow * this.columns);
  readonly last = $derived.by(() => Math.min(this.#options().count, (this.lastRow + 1) * this.columns) - 1);
  readonly rowsInView = $derived.by(() => Math.max(1, Math.floor(this.height / this.rowHeight)));

  /** Places in one row. */
  cells(row: number): number[] {
    const from = row * this.columns;
    const to = Math.min(this.#options().count, from + this.columns);
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  }

  /** Where to scroll so that the cell is in view; null where it is. */
  scrollFor(index: number): number | null {
    const top = Math.floor(index / this.columns) * this.rowHeight;
    if (top < this.scrollTop) return top;
    const bottom = top + this.cellHeight;
    if (bottom > this.scrollTop + this.height) return bottom - this.height;
    return null;
  }
}
