import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { mapConcurrent } from '../../../src/main/images/map-concurrent.ts';

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};
const ticks = async (n: number): Promise<void> => {
  for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('mapConcurrent', () => {
  it('keeps the order and the bound, and uses it', async () => {
    let running = 0;
    let most = 0;
    const results = mapConcurrent([5, 1, 4, 2, 3, 0, 6], 3, async (n) => {
      most = Math.max(most, ++running);
      await ticks(n);
      running--;
      return n * 10;
    });
    expect(await all(results)).toEqual([50, 10, 40, 20, 30, 0, 60]);
    expect(most).toBe(3);
  });

  it('takes no more items in advance than the bound', async () => {
    let taken = 0;
    function* source(): Generator<number> {
      for (;;) yield taken++;
    }
    const results = mapConcurrent(source(), 4, async (n) => n);
    await results.next();
    await ticks(5);
    expect(taken).toBeLessThanOrEqual(5);
    await results.return(undefined);
  });

  it('ends with the first error after what was under way, and closes the source', async () => {
    let closed = false;
    let finished = 0;
    async function* source(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed = true;
      }
    }
    const results = mapConcurrent(source(), 3, async (n) => {
      if (n === 1) throw new Error('one');
      await ticks(3);
      finished++;
      return n;
    });
    await expect(all(results)).rejects.toThrow('one');
    expect({ closed, finished }).toEqual({ closed: true, finished: 3 }); // 0, 2 and 3, which was begun when 0 was done
  });

  it('stops by signal', async () => {
    const stop = new AbortController();
    const results = mapConcurrent([1, 2, 3, 4, 5, 6], 2, async (n) => n, stop.signal);
    expect((await results.next()).value).toBe(1);
    stop.abort();
    await expect(results.next()).rejects.toBeInstanceOf(Cancelled);
  });
});
