import type { Numbers } from './points.ts';

/**
 * Exponential mean over about `window` steps, free of the pull towards zero at the start:
 * m ← d·m + (1 − d)·y with d = exp(−n/window) for a point that stands for n steps, divided by the same of ones.
 * So a curve is as smooth when it is drawn from fewer points. What is not finite leaves a gap and is left out.
 */
export function smoothed(y: Numbers, steps: Numbers, window: number): number[] {
  let mean = 0;
  let weight = 0;
  return Array.from(y, (value, i) => {
    if (!Number.isFinite(value)) return Number.NaN;
    const decay = window <= 0 ? 0 : Math.exp(-(steps[i] ?? 1) / window);
    mean = decay * mean + (1 - decay) * value;
    weight = decay * weight + (1 - decay);
    return mean / weight;
  });
}

/** What a slider of smoothing offers, in steps: none, then 1, 2, 5 by powers of ten. */
export const smoothingWindows = [0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000] as const;
