/** Runs that an address compares: `3,5`. What is no row number is left out, and what is named twice. */
export function comparedRuns(text: string | null): readonly number[] {
  const ids = (text ?? '').split(',').map(Number);
  return [...new Set(ids.filter((id) => Number.isSafeInteger(id) && id > 0))];
}
