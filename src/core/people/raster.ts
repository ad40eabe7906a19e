import { type Arena, heap } from './arena.ts';

/** What is nearest at each sample of the picture: which triangle of which surface, and where in it. */
export interface Visible {
  readonly width: number;
  readonly height: number;
  /** 1 / distance; 0 where nothing is. */
  readonly near: Float32Array;
  /** Surface number + 1; 0 where nothing is. */
  readonly surface: Uint8Array;
  readonly triangle: Int32Array;
  /** Weights of the triangle's second and third vertex. */
  readonly second: Float32Array;
  readonly third: Float32Array;
}

export function visible(width: number, height: number, memory: Arena = heap): Visible {
  const n = width * height;
  return {
    width,
    height,
    near: memory.floats(n),
    surface: memory.bytes(n),
    triangle: memory.ints(n),
    second: memory.floats(n),
    third: memory.floats(n),
  };
}

/** Samples this little outside of a triangle count as inside, so that rounding leaves no cracks. */
const edge = 1e-5;

/**
 * True where a surface has a hole: asked with the triangle's number and the weights of its three vertices. They come in one
 * array that is filled again and again, since it is asked for every sample.
 */
export type Hole = (triangle: number, weights: Float64Array) => boolean;

export interface Drawn {
  /** Sample x, sample y, 1 / distance of every vertex. [count, 3] */
  readonly screen: Float32Array;
  readonly triangles: Uint32Array;
  /** The part of `triangles` to draw: from an index up to another. */
  readonly from: number;
  readonly to: number;
  readonly twoSided: boolean;
  readonly hole?: Hole | undefined;
}

/** The first step at which a weight that starts at `w` and grows by `step` is above zero … */
function entry(w: number, step: number): number {
  return step > 0 ? -w / step : w < 0 && step <= 0 ? Infinity : 0;
}

/** … and the last one. */
function exit(w: number, step: number): number {
  return step < 0 ? -w / step : w < 0 && step === 0 ? -1 : Infinity;
}

/** Draws a surface's triangles into `out`, where they are nearer than what is there. Samples lie at whole numbers. */
export function rasterize(out: Visible, surface: number, drawn: Drawn): void {
  const { width, height, near, second, third } = out;
  const surfaces = out.surface;
  const numbers = out.triangle;
  const mark = surface + 1;
  const { screen, triangles, twoSided, hole } = drawn;
  const weights = new Float64Array(3);
  for (let t = drawn.from; t < drawn.to; t += 3) {
    const a = (triangles[t] ?? 0) * 3;
    const b = (triangles[t + 1] ?? 0) * 3;
    const c = (triangles[t + 2] ?? 0) * 3;
    const ax = screen[a] ?? 0;
    const ay = screen[a + 1] ?? 0;
    const bx = screen[b] ?? 0;
    const by = screen[b + 1] ?? 0;
    const cx = screen[c] ?? 0;
    const cy = screen[c + 1] ?? 0;
    // y goes down on the screen, so what is counter-clockwise outside has a negative area here
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0 || (area > 0 && !twoSided)) continue;
    const left = Math.min(ax, bx, cx);
    const right = Math.max(ax, bx, cx);
    const top = Math.min(ay, by, cy);
    const bottom = Math.max(ay, by, cy);
    const x0 = left <= 0 ? 0 : Math.ceil(left);
    const x1 = right >= width - 1 ? width - 1 : Math.floor(right);
    const y0 = top <= 0 ? 0 : Math.ceil(top);
    const y1 = bottom >= height - 1 ? height - 1 : Math.floor(bottom);
    if (x1 < x0 || y1 < y0) continue;
    const inverse = 1 / area;
    const az = screen[a + 2] ?? 0;
    const bz = screen[b + 2] ?? 0;
    const cz = screen[c + 2] ?? 0;
    // weights change by the same amount from sample to sample
    const step1 = (ay - cy) * -inverse;
    const step2 = (by - ay) * -inverse;
    const wide = x1 - x0 > 5;
    for (let y = y0; y <= y1; y++) {
      let w1 = ((cx - x0) * (ay - y) - (cy - y) * (ax - x0)) * inverse;
      let w2 = ((ax - x0) * (by - y) - (ay - y) * (bx - x0)) * inverse;
      let from = x0;
      let to = x1;
      if (wide) {
        // where along the row all three weights are above zero
        const w0 = 1 - w1 - w2;
        const first = Math.max(entry(w1, step1), entry(w2, step2), entry(w0, -step1 - step2));
        const last = Math.min(exit(w1, step1), exit(w2, step2), exit(w0, -step1 - step2));
        if (first > last) continue;
        const skip = Math.max(0, Math.floor(first));
        from = x0 + skip;
        to = Math.min(x1, x0 + Math.ceil(last));
        w1 += skip * step1;
        w2 += skip * step2;
      }
      const row = y * width;
      for (let x = from; x <= to; x++, w1 += step1, w2 += step2) {
        const w0 = 1 - w1 - w2;
        if (w1 < -edge || w2 < -edge || w0 < -edge) continue;
        const z = az * w0 + bz * w1 + cz * w2;
        const i = row + x;
        if (z <= (near[i] ?? 0)) continue;
        if (hole) {
          weights[0] = w0;
          weights[1] = w1;
          weights[2] = w2;
          if (hole(t, weights)) continue;
        }
        near[i] = z;
        surfaces[i] = mark;
        numbers[i] = t;
        second[i] = w1;
        third[i] = w2;
      }
    }
  }
}

/** Draws nearness only: what shadows and ambient light need. `screen` as in `Drawn`, higher is nearer. */
export function rasterizeDepth(
  depth: Float32Array,
  width: number,
  height: number,
  screen: Float32Array,
  triangles: Uint32Array,
  closed: boolean,
): void {
  for (let t = 0; t < triangles.length; t += 3) {
    const a = (triangles[t] ?? 0) * 3;
    const b = (triangles[t + 1] ?? 0) * 3;
    const c = (triangles[t + 2] ?? 0) * 3;
    const ax = screen[a] ?? 0;
    const ay = screen[a + 1] ?? 0;
    const bx = screen[b] ?? 0;
    const by = screen[b + 1] ?? 0;
    const cx = screen[c] ?? 0;
    const cy = screen[c + 1] ?? 0;
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    // of a closed surface the near side is enough; y goes up here
    if (area === 0 || (closed && area < 0)) continue;
    const left = Math.min(ax, bx, cx);
    const right = Math.max(ax, bx, cx);
    const top = Math.min(ay, by, cy);
    const bottom = Math.max(ay, by, cy);
    const x0 = left <= 0 ? 0 : Math.ceil(left);
    const x1 = right >= width - 1 ? width - 1 : Math.floor(right);
    const y0 = top <= 0 ? 0 : Math.ceil(top);
    const y1 = bottom >= height - 1 ? height - 1 : Math.floor(bottom);
    if (x1 < x0 || y1 < y0) continue;
    const inverse = 1 / area;
    const az = screen[a + 2] ?? 0;
    const bz = screen[b + 2] ?? 0;
    const cz = screen[c + 2] ?? 0;
    const step1 = (ay - cy) * -inverse;
    const step2 = (by - ay) * -inverse;
    for (let y = y0; y <= y1; y++) {
      let w1 = ((cx - x0) * (ay - y) - (cy - y) * (ax - x0)) * inverse;
      let w2 = ((ax - x0) * (by - y) - (ay - y) * (bx - x0)) * inverse;
      for (let x = x0, i = y * width + x0; x <= x1; x++, i++, w1 += step1, w2 += step2) {
        const w0 = 1 - w1 - w2;
        if (w0 < 0 || w1 < 0 || w2 < 0) continue;
        const z = az * w0 + bz * w1 + cz * w2;
        if (z > (depth[i] ?? 0)) depth[i] = z;
      }
    }
  }
}
