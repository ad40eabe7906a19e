/** Where the grid's cursor is: row −1 is that of the heads, column −1 that of the names. */
export interface Cursor {
  readonly row: number;
  readonly column: number;
}

/** Where a key takes the cursor; null for keys that move nothing. */
export function moveInMatrix(
  { row, column }: Cursor,
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  size: { readonly rows: number; readonly columns: number; readonly page: number },
): Cursor | null {
  const atRow = (to: number): Cursor => ({ row: Math.max(-1, Math.min(size.rows - 1, to)), column });
  const atColumn = (to: number): Cursor => ({ row, column: Math.max(-1, Math.min(size.columns - 1, to)) });
  const whole = ctrlKey || metaKey;
  switch (key) {
    case 'ArrowUp':
      return atRow(row - 1);
    case 'ArrowDown':
      return atRow(row + 1);
    case 'ArrowLeft':
      return atColumn(column - 1);
    case 'ArrowRight':
      return atColumn(column + 1);
    case 'PageUp':
      return atRow(Math.max(0, row - size.page));
    case 'PageDown':
      return atRow(row + size.page);
    case 'Home':
      return whole ? { row: 0, column: -1 } : atColumn(-1);
    case 'End':
      return whole ? { row: size.rows - 1, column: size.columns - 1 } : atColumn(size.columns - 1);
    default:
      return null;
  }
}
