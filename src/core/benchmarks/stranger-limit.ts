/**
 * The similarity above which not even one of `comparisons` of strangers is expected to be: chance alone makes the most
 * like of a hundred million look like one person. `strangers` are similarities of some; above their 99.9th percentile
 * they are taken to fall off like a normal distribution with that percentile and their median, which is wider than that
 * of their variance where a few are much alike. −1 where there are too few to tell.
 */
export function strangerLimit(strangers: Float32Array, comparisons: number): number {
  const n = strangers.length;
  if (n < 100) return -1;
  const sorted = strangers.toSorted();
  const at = Math.min(n - 1, Math.floor(n * 0.999));
  const median = sorted[Math.floor(n / 2)] ?? 0;
  const high = sorted[at] ?? 0;
  const deviation = (high - median) / deviationsAbove(Math.max(1 - at / n, 0.5 / n));
  return median + deviation * deviationsAbove(Math.min(0.4, 0.5 / Math.max(1, comparisons)));
}

/** How many deviations above the mean a normal distribution leaves that share. */
function deviationsAbove(share: number): number {
  let [low, high] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (shareAbove(middle) > share) low = middle;
    else high = middle;
  }
  return low;
}

/** Share of a normal distribution above so many deviations, to 1e-7 of itself (Press et al., erfc by Chebyshev). */
function shareAbove(deviations: number): number {
  const x = deviations / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const series = [
    ...[-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587],
    ...[-0.82215223, 0.17087277],
  ];
  const power = series.reduceRight((sum, factor) => sum * t + factor, 0);
  return 0.5 * t * Math.exp(-x * x + power);
}
