/** “must be at least 2” → “Must be at least 2.” */
export function sentence(clause: string): string {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const large = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });
const precise = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });

/** 1.2M, 227M, 6.31B; English abbreviations as the papers write them: G for 10⁹. */
export function amount(value: number): string {
  return large.format(value).replace(/B$/, 'G');
}

/** Three digits; what is very small with its power of ten. */
export function digits(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(1);
  return precise.format(value);
}
