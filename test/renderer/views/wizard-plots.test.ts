import { describe, expect, it } from 'vitest';
import { arcface } from '../../../src/core/heads/arcface.ts';
import { circle } from '../../../src/core/heads/circle.ts';
import { rateAt, type Schedule } from '../../../src/core/training/schedule.ts';
import { marginPoints, ratePoints } from '../../../src/renderer/views/train/wizard/plots.ts';
import { sizeBars } from '../../../src/renderer/views/train/wizard/size-bars.ts';

describe('the bars of pictures per person', () => {
  it('are one for each number while those are few', () => {
    expect(
      sizeBars([
        [1, 3],
        [4, 2],
      ])
        .map(({ identities }) => identities)
        .slice(0, 5),
    ).toEqual([3, 0, 0, 2, 0]);
    expect(sizeBars([])).toEqual([]);
    expect(sizeBars([[4, 2]]).at(-1)).toEqual({ from: 20, to: 20, identities: 0 });
  });

  it('hold everybody where they are joined', () => {
    const sizes = Array.from({ length: 530 }, (_, i) => [i + 1, (i * 7) % 5] as const);
    const bars = sizeBars(sizes, 48);
    expect(bars.length).toBeLessThanOrEqual(48);
    expect(bars.at(-1)?.to).toBeGreaterThanOrEqual(530);
    for (const bar of bars) {
      const inside = sizes.filter(([images]) => images >= bar.from && images <= bar.to);
      expect(bar.identities).toBe(inside.reduce((sum, [, people]) => sum + people, 0));
    }
  });
});

describe('the curves of the wizard', () => {
  it('show the rate with both sides of its jumps', () => {
    const schedule: Schedule = {
      base: 0.1,
      decay: { kind: 'step', at: [3333, 6661], factor: 0.1 },
      warmUp: { steps: 117, from: 0 },
      total: 10_000,
    };
    const { x, y } = ratePoints(schedule, 100);
    const steps = Array.from(x);
    for (const step of [0, 116, 117, 3332, 3333, 6660, 6661, 9999]) expect(steps).toContain(step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(steps.length);
    steps.forEach((step, i) => {
      expect(y[i]).toBe(rateAt(schedule, step));
    });
    expect(Math.max(...Array.from(y))).toBeCloseTo(0.1, 12);
  });

  it('fit runs of any length', () => {
    for (const total of [1, 2, 3, 50]) {
      const { x } = ratePoints({
        base: 1,
        decay: { kind: 'cosine', end: 0 },
        warmUp: { steps: 0, from: 0 },
        total,
      });
      expect(x.length).toBe(total);
    }
  });

  it('show other classes as the head has them', () => {
    const { others } = marginPoints(circle, { margin: 0.25, gamma: 4 });
    // γ·[c + m]₊·(c − m) at c = 0 and c = −1
    expect(others.y[90]).toBeCloseTo(-0.25, 9);
    expect(others.y[180]).toBeCloseTo(0, 9);
  });

  it('show the margin as a shift of the angle', () => {
    const settings = { scale: 10, margin: (20 * Math.PI) / 180, fallback: 'line' } as const;
    const { own, others } = marginPoints(arcface, settings);
    // s·cos(θ + m): at 40° the own class is where the others are at 60°
    expect(own.y[40]).toBeCloseTo(others.y[60] ?? Number.NaN, 6);
    expect(others.y[0]).toBe(10);
    expect(own.x.length).toBe(181);
  });
});
