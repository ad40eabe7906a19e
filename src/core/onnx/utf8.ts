/** Core has neither Node's nor the browser's text coders, so this is RFC 3629 by hand. */

export function utf8Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63));
      bytes.push(0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return Uint8Array.from(bytes);
}

/** Smallest code point that may take as many continuation bytes; less is an overlong form. */
const smallest: readonly number[] = [0, 0x80, 0x800, 0x10000];

/** A byte that belongs to no valid sequence becomes U+FFFD. */
export function utf8Text(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    at += 1;
    const more = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : -1;
    let code = more === 0 ? first : first & (0x3f >> more);
    let valid = more >= 0 && first < 0xf8;
    for (let i = 0; i < more && valid; i++) {
      const next = bytes[at + i] ?? 0;
      valid = (next & 0xc0) === 0x80;
      code = (code << 6) | (next & 63);
    }
    const surrogate = code >= 0xd800 && code < 0xe000;
    valid &&= code >= (smallest[more] ?? 0) && code <= 0x10ffff && !surrogate;
    if (valid) at += more;
    pieces.push(valid ? String.fromCodePoint(code) : '\ufffd');
  }
  return pieces.join('');
}
