import { describe, expect, it } from 'vitest';
import { Chosen } from '../../../src/renderer/state/chosen.svelte.ts';

describe('rows that were ticked', () => {
  it('are kept in the order of ticking, by id, until they are ticked again or cleared', () => {
    const chosen = new Chosen<{ readonly id: number; readonly name: string }>();
    chosen.toggle({ id: 7, name: 'seven' });
    chosen.toggle({ id: 3, name: 'three' });
    expect([chosen.size, chosen.ids]).toEqual([2, [7, 3]]);
    expect(chosen.has({ id: 7, name: 'fetched again' })).toBe(true);
    chosen.toggle({ id: 7, name: 'fetched again' });
    expect(chosen.items).toEqual([{ id: 3, name: 'three' }]);
    chosen.clear();
    expect(chosen.size).toBe(0);
  });
});
