import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from '../../../src/renderer/state/router.svelte.ts';

describe('routes', () => {
  it('go to the address bar and back', () => {
    const route = { view: 'align', params: { dataset: '3', photo: '17', q: 'a b&c=d' } } as const;
    expect(parseRoute(formatRoute(route))).toEqual(route);
    expect(formatRoute({ view: 'people', params: {} })).toBe('#/people');
  });

  it('show the datasets where the address says nothing that is known', () => {
    for (const hash of ['', '#', '#/nowhere', '#token=abc']) {
      expect(parseRoute(hash).view).toBe('datasets');
    }
  });
});
