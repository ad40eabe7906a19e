/**
 * Fast filtering (Toom and Cook; Winograd 1980; Lavin and Gray 2016): `outputs` neighbouring sums of `taps` products,
 *   y[i] = Σ g[j]·d[i + j],
 * by `size` = outputs + taps − 1 products instead of outputs·taps: y = Aᵀ·((G·g) ∘ (Bᵀ·d)).
 */
export interface FastFilter {
  readonly outputs: number;
  readonly taps: number;
  readonly size: number;
  /** Aᵀ [outputs, size] */
  readonly after: readonly (readonly number[])[];
  /** G [size, taps] */
  readonly filter: readonly (readonly number[])[];
  /** Bᵀ [size, size] */
  readonly before: readonly (readonly number[])[];
}

/** From size − 1 different points at which polynomials are taken; the last point is infinity. */
export function fastFilter(outputs: number, taps: number, points: readonly number[]): FastFilter {
  const size = outputs + taps - 1;
  const last = (length: number): number[] => Array.from({ length }, (_, i) => (i === length - 1 ? 1 : 0));
  const powers = (x: number, length: number): number[] => Array.from({ length }, (_, i) => x ** i);
  const others = points.map((_, k) => points.filter((_, l) => l !== k));
  const columns = [...points.map((p) => powers(p, outputs)), last(outputs)];
  return {
    outputs,
    taps,
    size,
    after: Array.from({ length: outputs }, (_, i) => columns.map((column) => column[i] ?? 0)),
    filter: [
      ...points.map((p, k) => {
        const norm = (others[k] ?? []).reduce((product, q) => product * (p - q), 1);
        return powers(p, taps).map((power) => power / norm);
      }),
      last(taps),
    ],
    before: [...others.map((roots) => [...polynomial(roots), 0]), polynomial(points)],
  };
}

/** Coefficients of Π (x − root), the constant one first. */
function polynomial(roots: readonly number[]): number[] {
  let found = [1];
  for (const root of roots) found = [0, ...found].map((above, i) => above - root * (found[i] ?? 0));
  return found;
}
