import { constant } from '../graph/builder.ts';
import { count, range, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { linear } from '../layers/linear.ts';
import { type Net, parameter } from '../layers/net.ts';
import { add } from '../ops/add.ts';
import { concat } from '../ops/concat.ts';
import { matmul } from '../ops/matmul.ts';
import { scale } from '../ops/multiply.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { softmax } from '../ops/softmax.ts';
import { transpose } from '../ops/transpose.ts';

/** Attention within windows of a map [n, h, w, c] (Liu et al. 2021). The batch stays the first axis of everything. */
export interface WindowOptions {
  readonly heads: number;
  /** Side of the windows, which fill the map. */
  readonly window: number;
  /** By how many pixels windows are moved; 0 for none. */
  readonly shift: number;
  /** `waysIn(window)`: the same for all windows of a side. */
  readonly ways: Value;
}

export function windowAttention(net: Net, name: string, map: Value, options: WindowOptions): Value {
  const { heads, window, shift, ways } = options;
  const [n, h, w, c] = [side(map.shape, 0), side(map.shape, 1), side(map.shape, 2), side(map.shape, 3)];
  const [rows, columns] = [h / window, w / window];
  const [windows, places, depth] = [rows * columns, window * window, c / heads];
  const cut = reshape(rolled(map, -shift), [n, rows, window, columns, window, c]);
  const x = reshape(transpose(cut, [0, 1, 3, 2, 4, 5]), [n, windows, places, c]);
  const all = dense(net, `${name}.qkv`, x, 3 * c);
  const part = (i: number): Value => {
    const columnsOf = slice(all, [0, 0, 0, i * c], [n, windows, places, (i + 1) * c]);
    return reshape(columnsOf, [n, windows, places, heads, depth]);
  };
  const queries = scale(transpose(part(0), [0, 1, 3, 2, 4]), depth ** -0.5); // [n, windows, heads, places, depth]
  const keys = transpose(part(1), [0, 1, 3, 4, 2]); // [n, windows, heads, depth, places]
  const values = transpose(part(2), [0, 1, 3, 2, 4]);
  const near = add(matmul(queries, keys), positionBias(net, name, ways, heads));
  const scores = shift === 0 ? near : add(near, apart(h, w, window, shift)); // [n, windows, heads, places, places]
  const mixed = reshape(transpose(matmul(softmax(scores), values), [0, 1, 3, 2, 4]), [n, windows, places, c]);
  const out = reshape(dense(net, `${name}.proj`, mixed, c), [n, rows, columns, window, window, c]);
  return rolled(reshape(transpose(out, [0, 1, 3, 2, 4, 5]), [n, h, w, c]), shift);
}

/** [.., in] → [.., out] by one matrix, over all rows at once; weights start as N(0, 0.02²). */
export function dense(net: Net, name: string, x: Value, out: number, bias = true): Value {
  const rows = reshape(x, [count(x.shape.slice(0, -1)), side(x.shape, x.shape.length - 1)]);
  const y = linear(net, name, rows, { out, bias, initial: { kind: 'normal', deviation: 0.02 } });
  return reshape(y, [...x.shape.slice(0, -1), out]);
}

/** A map [n, h, w, c] turned by `by` pixels along both sides: what leaves at one end comes in at the other. */
function rolled(x: Value, by: number): Value {
  if (by === 0) return x;
  return [1, 2].reduce((value, axis) => {
    const length = side(value.shape, axis);
    const at = (length - by) % length;
    const from = value.shape.map((_, i) => (i === axis ? at : 0));
    const to = value.shape.map((s, i) => (i === axis ? at : s));
    const zeros = value.shape.map(() => 0);
    return concat([slice(value, from, value.shape), slice(value, zeros, to)], axis);
  }, x);
}

/** Learnt for every head and every way from one place of a window to another: [heads, places, places]. */
function positionBias(net: Net, name: string, ways: Value, heads: number): Value {
  const [pairs, number] = [side(ways.shape, 0), side(ways.shape, 1)];
  const places = Math.sqrt(pairs);
  const initial = { kind: 'normal', deviation: 0.02 } as const;
  const table = parameter(net, `${name}.position`, [number, heads], initial, { decays: false });
  const picked = matmul(ways, table); // [places·places, heads]
  return reshape(transpose(picked, [1, 0]), [heads, places, places]);
}

/** [places·places, ways] of 0 and 1: which way leads from the second place to the first. */
export function waysIn(window: number): Value {
  const span = 2 * window - 1;
  const places = window * window;
  const ones = new Float32Array(places * places * span * span);
  for (const i of range(places))
    for (const j of range(places)) {
      const down = Math.floor(i / window) - Math.floor(j / window) + window - 1;
      const across = (i % window) - (j % window) + window - 1;
      ones[(i * places + j) * span * span + down * span + across] = 1;
    }
  return constant(ones, [places * places, span * span]);
}

/** −100 between places of a moved window that were not neighbours before: [windows, 1, places, places]. */
function apart(h: number, w: number, window: number, shift: number): Value {
  const [rows, columns, places] = [h / window, w / window, window * window];
  const zone = (i: number, length: number): number => (i < length - window ? 0 : i < length - shift ? 1 : 2);
  const data = new Float32Array(rows * columns * places * places);
  for (const at of range(rows * columns)) {
    const zones = range(places).map((place) => {
      const row = Math.floor(at / columns) * window + Math.floor(place / window);
      const column = (at % columns) * window + (place % window);
      return 3 * zone(row, h) + zone(column, w);
    });
    zones.forEach((one, i) => {
      zones.forEach((other, j) => {
        if (one !== other) data[(at * places + i) * places + j] = -100;
      });
    });
  }
  return constant(data, [rows * columns, 1, places, places]);
}
