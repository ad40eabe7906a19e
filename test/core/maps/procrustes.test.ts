import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { alignedTo } from '../../../src/core/maps/procrustes.ts';

const random = seededRandom(8);
const target = Float64Array.from({ length: 40 }, () => random.normal());

it.each([false, true])('undoes a turn, a scale, a shift, mirrored %s', (mirrored) => {
  const [sin, cos] = [Math.sin(2.1), Math.cos(2.1)];
  const moved = new Float64Array(40);
  for (let i = 0; i < 40; i += 2) {
    const [x, y] = [target[i] ?? 0, (target[i + 1] ?? 0) * (mirrored ? -1 : 1)];
    moved[i] = 3 * (cos * x - sin * y) + 7;
    moved[i + 1] = 3 * (sin * x + cos * y) - 2;
  }
  const back = alignedTo(target, moved);
  for (const [i, value] of target.entries()) expect(back[i]).toBeCloseTo(value, 10);
});

it('puts a map without extent in the middle of the other', () => {
  const back = alignedTo(target, new Float64Array(40).fill(5));
  const mean = target.filter((_, i) => i % 2 === 0).reduce((a, b) => a + b, 0) / 20;
  expect(back[0]).toBeCloseTo(mean, 12);
});
