import type { Histogram } from '../../../core/contract/runs.ts';

/** Share of all in each bin; nothing where there is nothing. */
export function shares({ counts }: Histogram): readonly number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return sum === 0 ? [] : counts.map((count) => count / sum);
}

/** Share of the bin that a value is in; beyond the ends that of the last bin there. */
export function shareAt(histogram: Histogram, value: number): number {
  const { from, to, counts } = histogram;
  const bin = Math.floor(((value - from) / (to - from)) * counts.length);
  return shares(histogram)[Math.min(counts.length - 1, Math.max(0, bin))] ?? 0;
}

/** The middle of each bin. */
export function middles({ from, to, counts }: Histogram): readonly number[] {
  return counts.map((_, i) => from + ((i + 0.5) * (to - from)) / counts.length);
}

/** Mean and deviation of what was counted, each bin taken at its middle; null where there is nothing. */
export function spread(histogram: Histogram): { mean: number; deviation: number } | null {
  const places = middles(histogram);
  let many = 0;
  let sum = 0;
  let squares = 0;
  histogram.counts.forEach((count, i) => {
    const middle = places[i] ?? 0;
    many += count;
    sum += count * middle;
    squares += count * middle * middle;
  });
  if (many === 0) return null;
  const mean = sum / many;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / many - mean * mean)) };
}

/** How far two distributions lie apart, in deviations: d′ = |m₁ − m₂| / √((s₁² + s₂²)/2). */
export function separation(a: Histogram, b: Histogram): number | null {
  const [first, second] = [spread(a), spread(b)];
  if (first === null || second === null) return null;
  const both = Math.sqrt((first.deviation ** 2 + second.deviation ** 2) / 2);
  return both === 0 ? null : Math.abs(first.mean - second.mean) / both;
}

/** SVG path of the stairs over the bins. */
export function stairs(
  values: readonly number[],
  x: (place: number) => number,
  y: (share: number) => number,
  from: number,
  to: number,
): string {
  const width = (to - from) / values.length;
  const parts = [`M${x(from)} ${y(0)}`];
  values.forEach((value, i) => {
    parts.push(`V${y(value).toFixed(2)}`, `H${x(from + (i + 1) * width).toFixed(2)}`);
  });
  return values.length === 0 ? '' : `${parts.join('')}V${y(0)}Z`;
}
