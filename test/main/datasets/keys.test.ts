import { describe, expect, it } from 'vitest';
import { keySet } from '../../../src/main/datasets/keys.ts';
import { layoutScan } from '../../../src/main/datasets/layout.ts';

describe('keySet', () => {
  it('agrees with a Set over thousands of keys', () => {
    const keys = keySet();
    const oracle = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const key = `folder/${(i * 7919) % 13_007}.jpg`;
      expect(keys.add(key)).toBe(!oracle.has(key));
      oracle.add(key);
    }
    expect(keys.size).toBe(oracle.size);
  });
});

describe('layoutScan', () => {
  const layout = (...keys: string[]): string => {
    const scan = layoutScan();
    let answer = scan.layout();
    for (const key of keys) {
      const open = scan.add(key);
      answer = scan.layout();
      if (!open) break; // then nothing may change the answer, which the callers rely on
    }
    return answer;
  };
  it.each([
    [['1.jpg', '2.jpg'], 'flat'],
    [['a/1.jpg', 'b/1.jpg'], 'identities'],
    [['a/1.jpg', 'a/2.jpg'], 'flat'],
    [['x/y/a/1.jpg', 'x/y/b/1.jpg'], 'identities'],
    [['x/a/1.jpg', 'y/b/1.jpg'], 'flat'],
    [['x/a/1.jpg', 'x/b/1.jpg', 'x/1.jpg'], 'flat'],
    [['a/1.jpg', 'b/1.jpg', '1.jpg'], 'flat'],
    [['x/1.jpg', 'x/a/1.jpg', 'x/b/2.jpg'], 'flat'],
    [[], 'flat'],
  ])('%j is %s', (keys, answer) => {
    expect(layout(...keys)).toBe(answer);
  });
});
