import { duration } from '../../text/format.ts';

/** Round places on an axis, ascending, with their labels. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** What an axis counts. */
export type AxisKind = 'number' | 'whole' | 'seconds' | 'share';

const factors = [1, 2, 5, 10];
const clockSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 });

/** About `count` ticks at multiples of 1, 2 or 5 times a power of ten (of the clock's units for seconds). */
export function ticks(from: number, to: number, count: number, kind: AxisKind = 'number'): readonly Tick[] {
  if (!(to > from) || !Number.isFinite(to - from)) return [];
  const step = niceStep((to - from) / Math.max(1, count), kind);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: tickLabel(value, step, kind) };
  });
}

function niceStep(raw: number, kind: AxisKind): number {
  if (kind === 'seconds') {
    const clock = clockSteps.find((step) => step >= raw);
    if (clock !== undefined && raw >= 0.5) return clock;
    if (clock === undefined) return 86_400 * niceStep(raw / 86_400, 'whole');
  }
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = factors.find((candidate) => candidate * power >= raw * (1 - 1e-9)) ?? 10;
  return kind === 'whole' ? Math.max(1, factor * power) : factor * power;
}

function tickLabel(value: number, step: number, kind: AxisKind): string {
  if (kind === 'seconds') return value === 0 ? '0' : step < 1 ? `${plain(value, step)} s` : duration(value);
  if (kind === 'share') {
    const digits = Math.max(0, -Math.floor(Math.log10(step * 100) + 1e-9));
    return value.toLocaleString(undefined, { style: 'percent', minimumFractionDigits: digits });
  }
  return plain(value, step);
}

/** With as many digits as the step needs. */
function plain(value: number, step: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 10_000) {
    // In thousands or millions, where two digits of those still tell neighbours apart.
    return step >= (size >= 1e6 ? 1e4 : 10) ? compact.format(value) : value.toLocaleString();
  }
  if (step < 1e-4) return value.toExponential(Math.max(0, Math.ceil(Math.log10(Math.abs(value) / step))));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return value.toFixed(Math.min(8, digits)).replace('-', '−');
}

/** Ticks of a logarithmic axis: powers of ten, with 2 and 5 between them where there are few; at most about `count`. */
export function logTicks(
  from: number,
  to: number,
  count: number,
  kind: AxisKind = 'number',
): readonly Tick[] {
  if (!(from > 0) || !(to > from)) return [];
  const decades = Math.log10(to / from);
  if (decades < 0.7) return ticks(from, to, count, kind);
  const every = Math.max(1, Math.ceil(decades / count));
  const parts = decades < count / 3 ? [1, 2, 5] : [1];
  const found: Tick[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    if (((power % every) + every) % every !== 0) continue;
    for (const part of parts) {
      // Written as a decimal number, so that 1e-3 is 0.001 and no neighbour of it.
      const value = Number(`${part}e${power}`);
      if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9))
        found.push({ value, label: tickLabel(value, 10 ** power, kind) });
    }
  }
  return found;
}
