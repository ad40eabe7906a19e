import { describe, expect, it } from 'vitest';
import { Cancelled, error } from '../../../src/core/base/errors.ts';
import type { Page } from '../../../src/core/contract/method.ts';
import { PagedList } from '../../../src/renderer/state/paged-list.svelte.ts';

interface Asked {
  readonly offset: number;
  readonly signal: AbortSignal;
  answer(total?: number, mark?: number): Promise<void>;
  fail(reason: unknown): Promise<void>;
}

/** A list of 10 rows a page whose fetches wait until the test answers them. */
function listOf(): { list: PagedList<number>; asked: Asked[] } {
  const asked: Asked[] = [];
  const list = new PagedList<number>((offset, limit, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<Page<number>>();
    const settle = async (): Promise<void> => {
      await promise.catch(() => {});
      await Promise.resolve();
    };
    asked.push({
      offset,
      signal,
      answer: async (total = 1000, mark = 0) => {
        resolve({ total, offset, items: Array.from({ length: limit }, (_, i) => mark + offset + i) });
        await settle();
      },
      fail: async (reason) => {
        reject(reason);
        await settle();
      },
    });
    return promise;
  }, 10);
  return { list, asked };
}

describe('PagedList', () => {
  it('fetches the pages in view, once each', async () => {
    const { list, asked } = listOf();
    list.need(5, 24);
    expect(asked.map(({ offset }) => offset)).toEqual([0, 10, 20]);
    list.need(6, 25);
    expect(asked).toHaveLength(3);
    await asked[1]?.answer();
    expect(list.at(13)).toBe(13);
    expect(list.at(3)).toBeUndefined();
    expect(list.total).toBe(1000);
    list.need(10, 19);
    expect(asked).toHaveLength(3);
  });

  it('cancels fetches that have left the view, and ignores their answers', async () => {
    const { list, asked } = listOf();
    list.need(0, 9);
    list.need(500, 509);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked[1]?.signal.aborted).toBe(false);
    await asked[0]?.answer(1);
    expect(list.at(0)).toBeUndefined();
    expect(list.total).toBe(0);
    await asked[1]?.answer();
    expect(list.at(505)).toBe(505);
  });

  it('keeps old rows in sight while it refreshes', async () => {
    const { list, asked } = listOf();
    list.need(0, 9);
    await asked[0]?.answer();
    list.refresh();
    expect(list.at(4)).toBe(4);
    await asked[1]?.answer(1000, 7000);
    expect(list.at(4)).toBe(7004);
  });

  it('drops every old row once another list arrives', async () => {
    const { list, asked } = listOf();
    list.need(0, 19);
    await asked[0]?.answer();
    await asked[1]?.answer();
    list.reset();
    expect(list.at(12)).toBe(12);
    await asked[2]?.answer(10, 9000);
    expect(list.at(2)).toBe(9002);
    expect(list.at(12)).toBeUndefined();
    expect(list.total).toBe(10);
  });

  it('says why a page could not be had, and recovers', async () => {
    const { list, asked } = listOf();
    list.need(0, 9);
    await asked[0]?.fail(error('rpc/closed'));
    expect(list.error?.code).toBe('rpc/closed');
    list.refresh();
    await asked[1]?.answer();
    expect(list.error).toBeNull();
    list.need(10, 19);
    await asked[2]?.fail(new Cancelled());
    expect(list.error).toBeNull();
  });

  it('forgets pages far away', async () => {
    const { list, asked } = listOf();
    for (let page = 0; page < 80; page++) {
      list.need(page * 10, page * 10 + 9);
      await asked.at(-1)?.answer();
    }
    expect(list.at(795)).toBe(795);
    expect(list.at(5)).toBeUndefined();
    expect([...list.entries()].length).toBe(600);
  });
});
