/** The shape of a grid as keys see it. */
export interface GridShape {
  readonly count: number;
  readonly columns: number;
  /** Whole rows that fit the view. */
  readonly rowsInView: number;
}

/** Where a key takes the cursor of a grid; null for keys that move nothing. */
export function moveCursor(cursor: number, key: string, shape: GridShape): number | null {
  const { count, columns, rowsInView } = shape;
  if (count === 0) return null;
  const last = count - 1;
  const down = (rows: number): number => {
    const target = cursor + rows * columns;
    if (target >= 0 && target <= last) return target;
    // Stay in the column where there is a row to go to; else go to the nearest end.
    if (target < 0) return rows === -1 ? cursor : cursor % columns;
    return rows === 1 && Math.floor(cursor / columns) === Math.floor(last / columns) ? cursor : last;
  };
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, cursor - 1);
    case 'ArrowRight':
      return Math.min(last, cursor + 1);
    case 'ArrowUp':
      return down(-1);
    case 'ArrowDown':
      return down(1);
    case 'PageUp':
      return down(-Math.max(1, rowsInView));
    case 'PageDown':
      return down(Math.max(1, rowsInView));
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
