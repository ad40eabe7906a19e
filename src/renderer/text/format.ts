/** Figures, dates and plurals, by the system's language for figures and English for words. */

const whole = new Intl.NumberFormat();
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const similarityFormat = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 3,
  maximumFractionDigits: 3,
});
const percentFormat = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const fineFormat = new Intl.NumberFormat(undefined, {
  style: 'percent',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const fourDigits = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const english = new Intl.PluralRules('en');

export function count(value: number): string {
  return whole.format(value);
}

/** “1 face”, “1,204 faces”. */
export function plural(value: number, one: string, other: string): string {
  return `${whole.format(value)} ${english.select(value) === 'one' ? one : other}`;
}

/** 0..1 as per cent. */
export function percent(share: number): string {
  return percentFormat.format(share);
}

/** 0..1 as per cent, with two digits after the point. */
export function finePercent(share: number): string {
  return fineFormat.format(share);
}

/** Four digits that count; very small and very large figures with their power of ten. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2);
  return fourDigits.format(value);
}

export function similarity(value: number): string {
  return similarityFormat.format(value);
}

/** At most one digit after the point. */
export function figure(value: number): string {
  return oneDigit.format(value);
}

export function moment(milliseconds: number): string {
  return dateTime.format(milliseconds);
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function bytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < byteUnits.length - 1) {
    size /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: byteUnits[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0,
  }).format(size);
}

/** “45 s”, “3 min 20 s”, “2 h 5 min”. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  if (hours > 0) return minutes > 0 ? `${whole.format(hours)} h ${minutes} min` : `${whole.format(hours)} h`;
  const rest = total % 60;
  if (minutes > 0) return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
  return `${rest} s`;
}

/** Last part of a path. */
export function baseName(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;
}
