import { describe, expect, it } from 'vitest';
import { chunkSizeFor } from '../../../src/main/app/work/plan.ts';

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
