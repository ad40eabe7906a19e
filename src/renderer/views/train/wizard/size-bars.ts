import type { Sizes } from '../../../../core/recipe/sizes.ts';

/** A bar of the histogram of pictures per person: people with `from` to `to` pictures. */
export interface SizeBar {
  readonly from: number;
  readonly to: number;
  readonly identities: number;
}

/**
 * One bar for each number of pictures, at least `least` of them so that few don't look like many; where there are more
 * than `most`, bars of equal width that together hold all.
 */
export function sizeBars(sizes: Sizes, most = 48, least = 20): readonly SizeBar[] {
  const largest = sizes.at(-1)?.[0] ?? 0;
  if (largest === 0) return [];
  const width = Math.ceil(largest / most);
  const bars = Array.from({ length: Math.max(least, Math.ceil(largest / width)) }, (_, i) => ({
    from: i * width + 1,
    to: (i + 1) * width,
    identities: 0,
  }));
  for (const [images, identities] of sizes) {
    const bar = bars[Math.floor((images - 1) / width)];
    if (bar !== undefined) bar.identities += identities;
  }
  return bars;
}
