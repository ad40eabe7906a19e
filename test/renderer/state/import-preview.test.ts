import { describe, expect, it } from 'vitest';
import { both, type Measure, previewFiles } from '../../../src/renderer/state/import-preview.ts';

const never = new AbortController().signal;
/** Files whose names say how large they are: `3 112x112.png`; `x.png` cannot be read. */
const file = (name: string): File => new File([], name);
const measure: Measure = async ({ name }) => {
  const [, width, height] = /(\d+)x(\d+)/.exec(name) ?? [];
  return width === undefined ? null : { width: Number(width), height: Number(height) };
};
const names = (count: number, size: string): File[] =>
  Array.from({ length: count }, (_, i) => file(`${i} ${size}.png`));

describe('a look at files before they are sent', () => {
  it('tells squares of one size, of 24 files at most, and passes over what is no picture', async () => {
    const files = [file('list.txt'), file('x.png'), ...names(40, '112x112')];
    expect(await previewFiles(files, measure, never)).toEqual({ pictures: 23, side: 112 });
    expect(await previewFiles([file('list.txt')], measure, never)).toEqual({ pictures: 0, side: null });
  });

  it('ends at the first that is not square, or of another size', async () => {
    let looked = 0;
    const counted: Measure = (one) => {
      looked++;
      return measure(one);
    };
    const files = [...names(2, '64x64'), file('a 64x65.png'), ...names(9, '64x64')];
    expect(await previewFiles(files, counted, never)).toEqual({ pictures: 3, side: null });
    expect(looked).toBe(3);
    expect(await previewFiles([...names(1, '64x64'), ...names(1, '65x65')], measure, never)).toMatchObject({
      side: null,
    });
  });

  it('goes together with a look at pictures elsewhere', () => {
    const none = { pictures: 0, side: null };
    const small = { pictures: 3, side: 112 };
    expect(both(none, small)).toEqual(small);
    expect(both(small, none)).toEqual(small);
    expect(both(small, { pictures: 2, side: 112 })).toEqual({ pictures: 5, side: 112 });
    expect(both(small, { pictures: 2, side: 128 })).toEqual({ pictures: 5, side: null });
  });
});
