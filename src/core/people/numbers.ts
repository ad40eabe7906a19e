/** Small functions of numbers that sculpting and shading share. */

export function clamp(value: number, low = 0, high = 1): number {
  return value < low ? low : Math.min(value, high);
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below `from`, 1 above `to`, with flat ends; `from` may be the larger one. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** exp(−(x/width)²): a bump of height 1 around 0. */
export function bump(x: number, width: number): number {
  const t = x / width;
  const d = t * t;
  return d > 16 ? 0 : Math.exp(-d);
}

/** A bump of height 1 around (0, 0) with its own width along each axis. */
export function bump2(x: number, y: number, width: number, height: number): number {
  const s = x / width;
  const t = y / height;
  const d = s * s + t * t;
  return d > 16 ? 0 : Math.exp(-d);
}

/** The larger of both, rounded off where they differ by less than `k`. */
export function smoothMax(a: number, b: number, k: number): number {
  const h = clamp(0.5 + (0.5 * (a - b)) / k);
  return mix(b, a, h) + k * h * (1 - h);
}

/** A smooth curve through (x, y) knots whose x rise or fall; constant beyond its ends. */
export type Curve = (x: number) => number;

/** The monotone cubic through the knots (Fritsch and Carlson 1980): it has no bumps that the knots have not. */
export function curve(knots: readonly (readonly [number, number])[]): Curve {
  const sorted = [...knots].sort((a, b) => a[0] - b[0]);
  const xs = Float64Array.from(sorted, (knot) => knot[0]);
  const ys = Float64Array.from(sorted, (knot) => knot[1]);
  const n = xs.length;
  const slope = (i: number): number =>
    ((ys[i + 1] ?? 0) - (ys[i] ?? 0)) / Math.max(1e-9, (xs[i + 1] ?? 0) - (xs[i] ?? 0));
  const tangents = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const before = slope(Math.max(0, i - 1));
    const after = slope(Math.min(n - 2, i));
    tangents[i] = before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  }
  return (x) => {
    if (x <= (xs[0] ?? 0)) return ys[0] ?? 0;
    if (x >= (xs[n - 1] ?? 0)) return ys[n - 1] ?? 0;
    let i = 0;
    while (i < n - 2 && x > (xs[i + 1] ?? 0)) i++;
    const h = (xs[i + 1] ?? 0) - (xs[i] ?? 0);
    const t = (x - (xs[i] ?? 0)) / h;
    const u = 1 - t;
    return (
      (ys[i] ?? 0) * (1 + 2 * t) * u * u +
      (tangents[i] ?? 0) * h * t * u * u +
      (ys[i + 1] ?? 0) * t * t * (3 - 2 * t) -
      (tangents[i + 1] ?? 0) * h * t * t * u
    );
  };
}
