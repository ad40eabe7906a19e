import { count } from '../../../src/core/graph/shape.ts';
import type { Shape } from '../../../src/core/graph/value.ts';
import type { Initial } from '../../../src/core/layers/net.ts';

/** Numbers that Python and TypeScript both compute (test/fixtures/formula.py): a hash of name and position. */

function seedOf(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

export function hashes(name: string, length: number): Uint32Array {
  const seed = seedOf(name);
  const result = new Uint32Array(length); // plain loops: networks have millions
  for (let i = 0; i < length; i++) {
    let x = (i + seed) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad) >>> 0;
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97) >>> 0;
    result[i] = x ^ (x >>> 15);
  }
  return result;
}

/** In [−1, 1). */
export function uniform(name: string, length: number): Float64Array {
  return spread(hashes(name, length), new Float64Array(length), 2 ** -31, -1);
}

/** factor·x + term of all numbers. */
function spread<A extends Float32Array | Float64Array>(
  numbers: ArrayLike<number>,
  result: A,
  factor: number,
  term = 0,
): A {
  for (let i = 0; i < result.length; i++) result[i] = factor * (numbers[i] ?? Number.NaN) + term;
  return result;
}

/** A parameter's numbers, by what it is. */
export function formulaParameter(name: string, shape: Shape, initial: Initial): Float32Array {
  const u = uniform(name, count(shape));
  const what = name.slice(name.lastIndexOf('.') + 1);
  const drawn = (factor: number, term = 0): Float32Array =>
    spread(u, new Float32Array(u.length), factor, term);
  if (initial.kind === 'xavier') return drawn(Math.sqrt(6 / (initial.fanIn + initial.fanOut)));
  if (initial.kind === 'normal') return drawn(Math.sqrt(3) * initial.deviation); // of the same deviation
  if (initial.kind === 'uniform') return drawn(initial.bound, initial.middle ?? 0);
  if (what === 'gamma') return drawn(0.1, 1);
  if (what === 'slope') return drawn(0.05, 0.25);
  if (what === 'beta' || what === 'bias') return drawn(0.1);
  throw new Error(`no formula for ${name}`);
}

/** Crops and labels of a step: coarse tiles with a little noise. */
export function formulaBatch(step: number, batch: number, size: number, classes: number) {
  const tiles = hashes(`tiles${step}`, batch * 7 * 7 * 3);
  const noise = hashes(`noise${step}`, batch * size * size * 3);
  const tile = size / 7;
  const images = Uint8Array.from(noise, (x, position) => {
    const [colour, pixel] = [position % 3, Math.floor(position / 3)];
    const [column, row] = [pixel % size, Math.floor(pixel / size)]; // row counts through all pictures
    const at = (Math.floor(row / tile) * 7 + Math.floor(column / tile)) * 3 + colour;
    return ((tiles[at] ?? 0) & 127) + (x & 127);
  });
  return { images, labels: Int32Array.from(hashes(`labels${step}`, batch), (x) => x % classes) };
}

/** A tensor's length, and its product with a direction that both sides know. */
export function summary(name: string, values: ArrayLike<number>): readonly [number, number] {
  const direction = uniform(`${name}:direction`, values.length);
  let square = 0;
  let along = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    square += value * value;
    along += value * (direction[i] ?? Number.NaN);
  }
  return [Math.sqrt(square), along];
}
