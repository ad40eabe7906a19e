import { describe, expect, it } from 'vitest';
import { sampleClasses, sampledClasses } from '../../../src/core/training/class-sample.ts';

const request = { classes: 50, sampled: 12, labels: Int32Array.of(49, 7, 7, 0, 23), seed: 3, step: 4 };

describe('the classes of a step', () => {
  it('are different ones in their order, the pictures’ own among them', () => {
    for (let step = 0; step < 50; step++) {
      const { rows, labels } = sampleClasses({ ...request, step });
      expect(rows.length).toBe(12);
      expect([...rows]).toEqual([...new Set(rows)].toSorted((a, b) => a - b));
      expect(rows.every((row) => row >= 0 && row < 50)).toBe(true);
      expect([...labels].map((place) => rows[place])).toEqual([49, 7, 7, 0, 23]);
    }
  });

  it('are the same by seed and step', () => {
    const { rows } = sampleClasses(request);
    expect(sampleClasses(request).rows).toEqual(rows);
    expect(sampleClasses({ ...request, step: 5 }).rows).not.toEqual(rows);
    expect(sampleClasses({ ...request, seed: 4 }).rows).not.toEqual(rows);
  });

  it('are all as likely, but for the own ones', () => {
    const times = new Float64Array(50);
    for (let step = 0; step < 4000; step++)
      for (const row of sampleClasses({ ...request, step }).rows) times[row] = (times[row] ?? 0) + 1;
    const others = [...times].filter((_, row) => ![0, 7, 23, 49].includes(row));
    // eight of 46, four thousand times: a deviation of 24
    for (const count of others) expect(Math.abs(count - (4000 * 8) / 46)).toBeLessThan(100);
    for (const row of [0, 7, 23, 49]) expect(times[row]).toBe(4000);
  });

  it('are all of them at a rate of 1, in their order', () => {
    const { rows, labels } = sampleClasses({ ...request, sampled: 50 });
    expect([...rows]).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(labels).toEqual(request.labels);
  });

  it('may be the own ones alone', () => {
    expect([...sampleClasses({ ...request, sampled: 4 }).rows]).toEqual([0, 7, 23, 49]);
    expect(() => sampleClasses({ ...request, sampled: 3 })).toThrow('3 of 50 classes with 4 own ones');
  });
});

it('so many classes enter a step', () => {
  expect(sampledClasses(1_000_000, 0.01, 32)).toBe(10_000);
  expect(sampledClasses(100, 0.1, 32)).toBe(32);
  expect(sampledClasses(20, 0.1, 32)).toBe(20);
  expect(sampledClasses(101, 1, 32)).toBe(101);
});
