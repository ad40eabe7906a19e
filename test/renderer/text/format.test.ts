import { describe, expect, it } from 'vitest';
import { baseName, duration, plural } from '../../../src/renderer/text/format.ts';

describe('words', () => {
  it.each([
    [0, '0 faces'],
    [1, '1 face'],
    [2, '2 faces'],
  ])('%i', (value, text) => {
    expect(plural(value, 'face', 'faces')).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [-3, '0 s'],
  ])('%f seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('takes the last part of any path', () => {
    expect(baseName('/a/b/c.jpg')).toBe('c.jpg');
    expect(baseName('C:\\pictures\\x.png')).toBe('x.png');
    expect(baseName('/a/folder/')).toBe('folder');
  });
});
