import { describe, expect, it } from 'vitest';
import { Selection } from '../../../src/renderer/state/selection.svelte.ts';

/** Ids of places: 100, 101, … */
const between = async (from: number, to: number): Promise<number[]> =>
  Array.from({ length: to - from + 1 }, (_, i) => 100 + from + i);

describe('Selection', () => {
  it('selects one, toggles, and clears', () => {
    const selection = new Selection();
    selection.only(3, 103);
    selection.toggle(5, 105);
    expect(selection.list()).toEqual([103, 105]);
    selection.toggle(3, 103);
    expect(selection.list()).toEqual([105]);
    expect(selection.cursor).toBe(3);
    selection.clear();
    expect(selection.size).toBe(0);
  });

  it('spans from the anchor, whichever way', async () => {
    const selection = new Selection();
    selection.only(4, 104);
    await selection.range(6, between);
    expect(selection.list()).toEqual([104, 105, 106]);
    await selection.range(2, between);
    expect(selection.list()).toEqual([102, 103, 104]);
  });

  it('forgets a range that was overtaken by a later key', async () => {
    const selection = new Selection();
    selection.only(0, 100);
    const { promise, resolve } = Promise.withResolvers<number[]>();
    const slow = selection.range(9, () => promise);
    await selection.range(1, between);
    resolve([1, 2, 3]);
    await slow;
    expect(selection.list()).toEqual([100, 101]);
  });
});
