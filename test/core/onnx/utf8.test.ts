import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { utf8Bytes, utf8Text } from '../../../src/core/onnx/utf8.ts';

describe('utf8', () => {
  it.each(['', 'Conv', 'größer', '照片', '𝕏 😀', '\u0000\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}'])(
    'codes %j as the platform does',
    (text) => {
      expect([...utf8Bytes(text)]).toEqual([...new TextEncoder().encode(text)]);
      expect(utf8Text(utf8Bytes(text))).toBe(text);
    },
  );

  it('accepts exactly the byte sequences that the platform accepts', () => {
    const random = seededRandom(3);
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    for (let trial = 0; trial < 3000; trial++) {
      const leads = [0x41, 0xc1, 0xc3, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0xff, 0x80, 0xbf];
      const bytes = Uint8Array.from({ length: 1 + random.int(5) }, () =>
        random.next() < 0.5 ? 0x80 + random.int(64) : (leads[random.int(leads.length)] ?? 0),
      );
      let expected: string | null = null;
      try {
        expected = strict.decode(bytes);
      } catch {
        // Not valid: then ours has a replacement character.
      }
      if (expected === null) expect(utf8Text(bytes)).toContain('\ufffd');
      else expect(utf8Text(bytes)).toBe(expected);
    }
  });
});
