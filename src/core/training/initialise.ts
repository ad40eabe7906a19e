import { seededRandom } from '../base/random.ts';
import { count } from '../graph/shape.ts';
import type { Shape } from '../graph/value.ts';
import type { Initial } from '../layers/net.ts';

export interface Initialised {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
}

/** The first numbers of a tensor. Each has a generator of its own, by the run's seed and its name. */
export function initialise({ name, shape, initial }: Initialised, seed: number): Float32Array {
  if (initial.kind === 'given') return initial.data.slice();
  const data = new Float32Array(count(shape));
  // memory that is not written to is not taken: there may be gigabytes of zeros
  if (initial.kind === 'constant') return initial.value === 0 ? data : data.fill(initial.value);
  const random = seededRandom(hashed(name, seed));
  // in place, without a second array
  if (initial.kind === 'normal') {
    for (let i = 0; i < data.length; i++) data[i] = initial.deviation * random.normal();
    return data;
  }
  const bound = initial.kind === 'uniform' ? initial.bound : Math.sqrt(6 / (initial.fanIn + initial.fanOut));
  const middle = initial.kind === 'uniform' ? (initial.middle ?? 0) : 0;
  for (let i = 0; i < data.length; i++) data[i] = middle + bound * (2 * random.next() - 1);
  return data;
}

/** Which numbers are kept: 1, or 0 with probability `rate`; by the run's seed, the mask's name and the step. */
export function drawMask(name: string, shape: Shape, rate: number, seed: number, step: number): Uint8Array {
  const random = seededRandom(hashed(`${name}@${step}`, seed));
  return new Uint8Array(count(shape)).map(() => (random.next() < rate ? 0 : 1));
}

/** FNV-1a (Fowler, Noll and Vo) over the text, begun at the seed. */
function hashed(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
