import { describe, expect, it } from 'vitest';
import { rateMeter } from '../../../src/core/base/rate.ts';

describe('rateMeter', () => {
  it('knows nothing at first, nor within half a second', () => {
    const meter = rateMeter();
    expect(meter.rate()).toBeNull();
    meter.note(0, 1000);
    meter.note(50, 1499);
    expect(meter.rate()).toBeNull();
    expect(meter.eta(100)).toBeNull();
  });

  it('gives units a second, and the seconds that are left', () => {
    const meter = rateMeter();
    meter.note(0, 0);
    meter.note(30, 2000);
    expect(meter.rate()).toBe(15);
    expect(meter.eta(60)).toBe(2);
    expect(meter.eta(30)).toBe(0);
    expect(meter.eta(10)).toBe(0); // more was done than there should be
    expect(meter.eta(null)).toBeNull();
  });

  it('forgets what was before the window', () => {
    const meter = rateMeter(10_000);
    for (let second = 0; second <= 60; second++) meter.note(second * 100, second * 1000);
    for (let second = 61; second <= 80; second++) meter.note(6000 + (second - 60), second * 1000);
    expect(meter.rate()).toBeCloseTo(1, 6);
  });

  it('has a rate for work slower than the window', () => {
    const meter = rateMeter(10_000);
    for (let i = 0; i < 5; i++) meter.note(i, i * 60_000);
    expect(meter.rate()).toBeCloseTo(1 / 60, 9);
    expect(meter.eta(5)).toBeCloseTo(60, 6);
  });

  it('promises no end where nothing moves', () => {
    const meter = rateMeter();
    meter.note(5, 0);
    meter.note(5, 5000);
    expect(meter.rate()).toBe(0);
    expect(meter.eta(10)).toBeNull();
  });
});
