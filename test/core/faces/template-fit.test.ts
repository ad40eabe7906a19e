import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { applyToPoints } from '../../../src/core/faces/similarity.ts';
import { template112 } from '../../../src/core/faces/template.ts';
import { templateFit } from '../../../src/core/faces/template-fit.ts';

/** The template moved alike for all, and each point a little by itself. */
function faces(count: number, scale: number, degrees: number, shift: readonly [number, number], noise = 1) {
  const random = seededRandom(7);
  const turn = (degrees * Math.PI) / 180;
  const [a, b] = [scale * Math.cos(turn), scale * Math.sin(turn)];
  const xs = template112.filter((_, i) => i % 2 === 0).reduce((sum, value) => sum + value) / 5;
  const ys = template112.filter((_, i) => i % 2 === 1).reduce((sum, value) => sum + value) / 5;
  // about the middle of the points
  const [tx, ty] = [xs - (a * xs - b * ys) + shift[0], ys - (b * xs + a * ys) + shift[1]];
  return Array.from({ length: count }, () =>
    applyToPoints({ a, b, tx, ty, reflect: false }, template112).map(
      (value) => value + noise * random.normal(),
    ),
  );
}

describe('how found points lie on the template', () => {
  it('is exact where they are on it', () => {
    const fit = templateFit([template112, template112]);
    expect(fit?.error).toBe(0);
    expect(fit?.scale).toBeCloseTo(1, 12);
    expect(fit?.turn).toBeCloseTo(0, 12);
    expect(Math.hypot(...(fit?.shift ?? [9]))).toBeLessThan(1e-9);
  });

  it.each([
    ['a margin', 0.7, 0, [0, 0]],
    ['a turn', 1, 12, [0, 0]],
    ['a shift', 1, 0, [6, -3]],
    ['all of them', 1.2, -7, [-4, 5]],
  ] as const)('finds %s', (_, scale, turn, shift) => {
    const fit = templateFit(faces(101, scale, turn, shift));
    expect(fit?.scale).toBeCloseTo(scale, 1);
    expect(Math.abs((fit?.turn ?? 99) - turn)).toBeLessThan(0.5);
    expect(Math.abs((fit?.shift[0] ?? 99) - shift[0])).toBeLessThan(0.4);
    expect(Math.abs((fit?.shift[1] ?? 99) - shift[1])).toBeLessThan(0.4);
    expect(fit?.error).toBeGreaterThan(0.05);
  });

  it('says nothing of no face', () => {
    expect(templateFit([])).toBeNull();
    expect(templateFit([new Array<number>(10).fill(4)])).not.toBeUndefined();
  });
});
