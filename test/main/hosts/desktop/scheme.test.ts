import { describe, expect, it } from 'vitest';
import { isPageUrl, pageUrl, schemePrivileges } from '../../../../src/main/hosts/desktop/scheme.ts';

describe('isPageUrl', () => {
  it.each([pageUrl, 'app://lineament/index.html', 'app://lineament/media/crop/ab.png?x#y'])(
    'knows %s as ours',
    (url) => expect(isPageUrl(url)).toBe(true),
  );

  it.each([
    null,
    undefined,
    '',
    'about:blank',
    'app:',
    'app://lineament.evil.example/',
    'app://lineament@evil.example/',
    'app://user@lineament/',
    'app://lineament:1/',
    'app://other/',
    'apps://lineament/',
    'https://lineament/',
    'http://127.0.0.1/app://lineament/',
    'file:///app://lineament/',
  ])('refuses %j', (url) => expect(isPageUrl(url)).toBe(false));
});

describe('schemePrivileges', () => {
  it('gives an origin and fetch, and no way around the policy', () => {
    expect(schemePrivileges.scheme).toBe('app');
    expect(schemePrivileges.privileges).toMatchObject({
      standard: true,
      secure: true,
      supportFetchAPI: true,
      stream: true,
    });
    for (const name of ['bypassCSP', 'allowServiceWorkers', 'corsEnabled', 'allowExtensions']) {
      expect(schemePrivileges.privileges).not.toHaveProperty(name);
    }
  });
});
