import type { Options } from '../../scripts/build-models/tflite/operators.ts';
import { count, need, type Value } from './tflite-interpreter.ts';

/** The interpreter's operators on maps [batch, height, width, channels]. */
export function runMapOperator(kind: string, options: Options, operands: readonly (Value | null)[]): Value {
  const x = need(operands[0]);
  if (kind === 'CONV_2D') return convolve(x, need(operands[1]), operands[2] ?? null, options);
  if (kind === 'DEPTHWISE_CONV_2D')
    return convolveDepthwise(x, need(operands[1]), operands[2] ?? null, options);
  if (kind === 'MAX_POOL_2D' || kind === 'AVERAGE_POOL_2D') return pool(x, options, kind === 'MAX_POOL_2D');
  if (kind === 'PAD') return pad(x, need(operands[1]));
  if (kind === 'RESIZE_BILINEAR') return resize(x, need(operands[1]), options);
  throw new Error(`the interpreter has no ${kind}`);
}

/** Output length and first input place along one side: TensorFlow's "SAME" and "VALID". */
function window(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: 'same' | 'valid',
): { length: number; offset: number } {
  const reach = (kernel - 1) * dilation + 1;
  if (padding === 'valid') return { length: Math.ceil((size - reach + 1) / stride), offset: 0 };
  const length = Math.ceil(size / stride);
  const missing = Math.max((length - 1) * stride + reach - size, 0);
  return { length, offset: -Math.trunc(missing / 2) };
}

interface Place {
  readonly n: number;
  readonly oy: number;
  readonly ox: number;
  /** Kernel places inside the map: kernel row, kernel column, and where the map's channels begin. */
  readonly taps: readonly (readonly [ky: number, kx: number, at: number])[];
}

/** Every place of the output with the part of the map that it sees. */
function eachPlace(
  x: Value,
  kernel: readonly [number, number],
  { stride, dilation, padding }: Options,
  visit: (place: Place) => void,
): readonly [height: number, width: number] {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const rows = window(height, kernel[0], stride[0], dilation[0], padding);
  const columns = window(width, kernel[1], stride[1], dilation[1], padding);
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < rows.length; oy++) {
      for (let ox = 0; ox < columns.length; ox++) {
        const taps: [number, number, number][] = [];
        for (let ky = 0; ky < kernel[0]; ky++) {
          const iy = oy * stride[0] + rows.offset + ky * dilation[0];
          if (iy < 0 || iy >= height) continue;
          for (let kx = 0; kx < kernel[1]; kx++) {
            const ix = ox * stride[1] + columns.offset + kx * dilation[1];
            if (ix >= 0 && ix < width) taps.push([ky, kx, ((n * height + iy) * width + ix) * channels]);
          }
        }
        visit({ n, oy, ox, taps });
      }
    }
  }
  return [rows.length, columns.length];
}

/** filter [out, kh, kw, in] */
function convolve(x: Value, filter: Value, bias: Value | null, options: Options): Value {
  const [out = 1, kh = 1, kw = 1, channels = 1] = filter.shape;
  const rows: Float64Array[] = [];
  const [height, width] = eachPlace(x, [kh, kw], options, ({ taps }) => {
    const sums = bias ? bias.data.slice() : new Float64Array(out);
    for (const [ky, kx, at] of taps) {
      for (let o = 0; o < out; o++) {
        const from = ((o * kh + ky) * kw + kx) * channels;
        let sum = sums[o] ?? 0;
        for (let c = 0; c < channels; c++) sum += (x.data[at + c] ?? 0) * (filter.data[from + c] ?? 0);
        sums[o] = sum;
      }
    }
    rows.push(sums);
  });
  return { shape: [x.shape[0] ?? 1, height, width, out], data: joined(rows, out) };
}

/** filter [1, kh, kw, in·multiplier]; output channel c·multiplier + m sees input channel c. */
function convolveDepthwise(x: Value, filter: Value, bias: Value | null, options: Options): Value {
  const [, kh = 1, kw = 1, out = 1] = filter.shape;
  const multiplier = out / (x.shape[3] ?? 1);
  const rows: Float64Array[] = [];
  const [height, width] = eachPlace(x, [kh, kw], options, ({ taps }) => {
    const sums = bias ? bias.data.slice() : new Float64Array(out);
    for (const [ky, kx, at] of taps) {
      const from = (ky * kw + kx) * out;
      for (let o = 0; o < out; o++) {
        const value = x.data[at + Math.floor(o / multiplier)] ?? 0;
        sums[o] = (sums[o] ?? 0) + value * (filter.data[from + o] ?? 0);
      }
    }
    rows.push(sums);
  });
  return { shape: [x.shape[0] ?? 1, height, width, out], data: joined(rows, out) };
}

function joined(rows: readonly Float64Array[], width: number): Float64Array {
  const data = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    data.set(row, i * width);
  });
  return data;
}

function pool(x: Value, options: Options, largest: boolean): Value {
  const channels = x.shape[3] ?? 1;
  const data: number[] = [];
  const [height, width] = eachPlace(x, options.filter, options, ({ taps }) => {
    for (let c = 0; c < channels; c++) {
      const seen = taps.map(([, , at]) => x.data[at + c] ?? 0);
      data.push(largest ? Math.max(...seen) : seen.reduce((a, b) => a + b, 0) / seen.length);
    }
  });
  return { shape: [x.shape[0] ?? 1, height, width, channels], data: Float64Array.from(data) };
}

function pad(x: Value, table: Value): Value {
  const before = x.shape.map((_, axis) => table.data[2 * axis] ?? 0);
  const shape = x.shape.map((side, axis) => side + (before[axis] ?? 0) + (table.data[2 * axis + 1] ?? 0));
  const data = new Float64Array(count(shape));
  x.data.forEach((value, i) => {
    let rest = i;
    let [to, step] = [0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      to += ((rest % (x.shape[axis] ?? 1)) + (before[axis] ?? 0)) * step;
      rest = Math.floor(rest / (x.shape[axis] ?? 1));
      step *= shape[axis] ?? 1;
    }
    data[to] = value;
  });
  return { shape, data };
}

function resize(x: Value, size: Value, { alignCorners, halfPixelCentres }: Options): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const [rows = 1, columns = 1] = size.data;
  const source = (to: number, from: number, i: number): { low: number; high: number; part: number } => {
    const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
    const at = halfPixelCentres ? Math.max(0, (i + 0.5) * scale - 0.5) : i * scale;
    const low = Math.min(from - 1, Math.floor(at));
    return { low, high: Math.min(from - 1, low + 1), part: at - low };
  };
  const data: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < rows; oy++) {
      const y = source(rows, height, oy);
      for (let ox = 0; ox < columns; ox++) {
        const h = source(columns, width, ox);
        for (let c = 0; c < channels; c++) {
          const pixel = (row: number, column: number): number =>
            x.data[((n * height + row) * width + column) * channels + c] ?? 0;
          const top = pixel(y.low, h.low) * (1 - h.part) + pixel(y.low, h.high) * h.part;
          const bottom = pixel(y.high, h.low) * (1 - h.part) + pixel(y.high, h.high) * h.part;
          data.push(top * (1 - y.part) + bottom * y.part);
        }
      }
    }
  }
  return { shape: [batch, rows, columns, channels], data: Float64Array.from(data) };
}
