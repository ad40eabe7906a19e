import type { Random } from '../../src/core/base/random.ts';

/** A copy with a few bytes changed, a run of them cut out or doubled, or the end missing. */
export function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.int(bytes.length);
  const run = 1 + random.int(Math.min(64, bytes.length));
  const kind = random.int(4);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1) return new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + run)]);
  if (kind === 2) return new Uint8Array([...bytes.subarray(0, at + run), ...bytes.subarray(at)]);
  const copy = bytes.slice();
  for (let i = 0; i < 1 + random.int(8); i++) copy[random.int(copy.length)] = random.int(256);
  return copy;
}
