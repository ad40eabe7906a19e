import { describe, expect, it } from 'vitest';
import { takeToken } from '../../../src/renderer/transport/token.ts';

function places(hash: string): {
  given: Parameters<typeof takeToken>[0];
  kept: Map<string, string>;
  shown: string[];
} {
  const kept = new Map<string, string>();
  const shown: string[] = [];
  return {
    kept,
    shown,
    given: {
      location: { hash, pathname: '/', search: '?a=1' },
      history: { replaceState: (_data, _title, url) => void shown.push(String(url)) },
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
      },
    },
  };
}

describe('takeToken', () => {
  it('keeps the token for the tab and takes it out of the address bar', () => {
    const { given, shown, kept } = places('#token=s3cr%2Bet');
    expect(takeToken(given)).toBe('s3cr+et');
    expect(shown).toEqual(['/?a=1']);
    expect(takeToken({ ...given, location: { ...given.location, hash: '#/gallery' } })).toBe('s3cr+et');
    expect([...kept.values()]).toEqual(['s3cr+et']);
  });

  it('is null where there never was one', () => {
    expect(takeToken(places('#/people').given)).toBeNull();
  });
});
