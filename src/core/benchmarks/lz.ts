/**
 * The two compressions that bcolz writes its arrays with. Both give the unpacked bytes only where the input is whole and fits
 * exactly; null otherwise. Never more than `length` bytes are written, and every step reads a byte, so that time is bounded.
 */

/** LZ4's block format: a token of two lengths, literals, a distance of two bytes. */
export function unpackLz4(input: Uint8Array, length: number): Uint8Array | null {
  const out = new Uint8Array(length);
  let [from, to] = [0, 0];
  /** A length that goes on as long as its bytes are 255; −1 beyond the end. */
  const extended = (start: number): number => {
    let total = start;
    for (let byte = 255; byte === 255; ) {
      if (from >= input.length) return -1;
      byte = input[from++] ?? 0;
      total += byte;
    }
    return total;
  };
  while (from < input.length) {
    const token = input[from++] ?? 0;
    const literals = token >> 4 === 15 ? extended(15) : token >> 4;
    if (literals < 0 || literals > input.length - from || literals > length - to) return null;
    out.set(input.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === input.length) return to === length ? out : null; // the last sequence is literals alone
    if (from + 2 > input.length) return null;
    const distance = (input[from] ?? 0) | ((input[from + 1] ?? 0) << 8);
    from += 2;
    const matched = (token & 15) === 15 ? extended(15) : token & 15;
    if (matched < 0 || !repeat(out, to, distance, matched + 4)) return null;
    to += matched + 4;
  }
  return null;
}

/** From here on a distance of blosclz has sixteen bits of its own. */
const nearDistance = 8191;

/** Blosc's own, a descendant of FastLZ: runs of up to 32 literals, and matches with 13 bits of distance or 16 more. */
export function unpackBloscLz(input: Uint8Array, length: number): Uint8Array | null {
  const out = new Uint8Array(length);
  let [from, to] = [0, 0];
  const next = (): number => (from < input.length ? (input[from++] ?? 0) : -1);
  let control = next() & 31; // the first is always of literals; its upper bits are a mark
  if (input.length === 0) return null;
  for (;;) {
    if (control < 32) {
      const literals = control + 1;
      if (literals > input.length - from || literals > length - to) return null;
      out.set(input.subarray(from, from + literals), to);
      from += literals;
      to += literals;
    } else {
      let matched = (control >> 5) - 1;
      if (matched === 6) {
        for (let byte = 255; byte === 255; ) {
          byte = next();
          if (byte < 0) return null;
          matched += byte;
        }
      }
      const low = next();
      let distance = ((control & 31) << 8) + low;
      if (low < 0) return null;
      if (distance === nearDistance) {
        const [high, rest] = [next(), next()];
        if (rest < 0) return null;
        distance = nearDistance + (high << 8) + rest;
      }
      if (!repeat(out, to, distance + 1, matched + 3)) return null;
      to += matched + 3;
    }
    if (from === input.length) return to === length ? out : null;
    control = next();
  }
}

/** Copies what was written `distance` bytes before, which may reach into what is being copied. False where it does not fit. */
function repeat(out: Uint8Array, to: number, distance: number, count: number): boolean {
  if (distance < 1 || distance > to || count > out.length - to) return false;
  if (distance >= count) out.copyWithin(to, to - distance, to - distance + count);
  else for (let i = to; i < to + count; i++) out[i] = out[i - distance] ?? 0;
  return true;
}
