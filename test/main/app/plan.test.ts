import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { chunkSizeFor, inOrder } from '../../../src/main/app/work/plan.ts';

describe('chunkSizeFor', () => {
  it('gives every process several chunks where there is little to do', () => {
    expect(chunkSizeFor(24, 2, 16)).toBe(2);
    expect(chunkSizeFor(1, 8, 16)).toBe(1);
    expect(chunkSizeFor(0, 2, 16)).toBe(1);
  });

  it('never goes above the most', () => {
    expect(chunkSizeFor(1_000_000, 2, 16)).toBe(16);
  });
});

describe('results that come in any order', () => {
  it('are passed on in theirs; at the end also those behind a gap', async () => {
    const random = seededRandom(5);
    for (let round = 0; round < 20; round++) {
      const passed: number[] = [];
      let busy = 0;
      const order = inOrder<{ chunk: number }>(async ({ chunk }) => {
        expect(++busy).toBe(1);
        await Promise.resolve();
        passed.push(chunk);
        busy--;
      });
      const chunks = Array.from({ length: 12 }, (_, chunk) => ({ chunk, at: random.next() })).sort(
        (a, b) => a.at - b.at,
      );
      const lost = random.int(12);
      await Promise.all(chunks.filter(({ chunk }) => chunk !== lost).map((result) => order.add(result)));
      expect(passed).toEqual(Array.from({ length: lost }, (_, i) => i));
      await order.finish();
      expect(passed).toEqual(Array.from({ length: 12 }, (_, i) => i).filter((chunk) => chunk !== lost));
    }
  });
});
