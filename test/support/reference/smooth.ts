import type { Value } from '../../../src/core/graph/value.ts';
import type { ResizeAttributes } from '../../../src/core/ops/resize.ts';
import { generate, type Numbers, pick } from './array.ts';

/** erf by its series below 3 and by its continued fraction above (Abramowitz and Stegun 7.1.6, 7.1.14). */
export function errorFunction(x: number): number {
  if (x < 0) return -errorFunction(-x);
  if (x < 3) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 100; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return 1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/** Pictures in another size, pixel by pixel: every new one looks for its place between four old ones. */
export function enlarge({ shape, attributes }: Value<ResizeAttributes>, x: Numbers): Numbers {
  const { factors, mode, grid, rounding } = attributes;
  const place = (i: number, axis: 2 | 3): number => {
    const [from, to] = [x.shape[axis] ?? 1, shape[axis] ?? 1];
    if (grid === 'align_corners') return to === 1 ? 0 : (i * (from - 1)) / (to - 1);
    if (grid === 'asymmetric') return i / factors[axis === 2 ? 0 : 1];
    return grid === 'pytorch_half_pixel' && to === 1 ? 0 : (i + 0.5) / factors[axis === 2 ? 0 : 1] - 0.5;
  };
  const inside = (i: number, axis: 2 | 3): number => Math.max(0, Math.min(i, (x.shape[axis] ?? 1) - 1));
  const nearest = {
    floor: Math.floor,
    ceil: Math.ceil,
    round_prefer_ceil: (at: number) => Math.floor(at + 0.5),
    round_prefer_floor: (at: number) => Math.ceil(at - 0.5),
  }[rounding];
  return generate(shape, ([n = 0, c = 0, i = 0, j = 0]) => {
    const [row, column] = [place(i, 2), place(j, 3)];
    const old = (r: number, k: number): number => pick(x, [n, c, inside(r, 2), inside(k, 3)]);
    if (mode === 'nearest') return old(nearest(row), nearest(column));
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [down, right] = [row - top, column - left];
    const upper = old(top, left) * (1 - right) + old(top, left + 1) * right;
    const lower = old(top + 1, left) * (1 - right) + old(top + 1, left + 1) * right;
    return upper * (1 - down) + lower * down;
  });
}
