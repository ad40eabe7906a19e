import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/base/random.ts';
import { mapPeople } from '../../../../src/renderer/views/evaluate/map-people.ts';
import {
  fitted,
  onScreen,
  pannedBy,
  pointNear,
  zoomedAt,
} from '../../../../src/renderer/views/evaluate/map-view.ts';

const size = { width: 640, height: 400 };
const random = seededRandom(3);
const positions = Float64Array.from({ length: 400 }, () => 7 * random.normal() + 2);
const view = fitted(positions, size);
const at = (i: number) => onScreen(view, size, positions[i * 2] ?? 0, positions[i * 2 + 1] ?? 0);

describe('the plane of a map', () => {
  it('shows every point as a whole, with room at the edges', () => {
    for (let i = 0; i < 200; i++) {
      const [x, y] = at(i);
      expect(x).toBeGreaterThan(23.999);
      expect(x).toBeLessThan(616.001);
      expect(y).toBeGreaterThan(23.999);
      expect(y).toBeLessThan(376.001);
    }
    expect(fitted([], size)).toEqual({ x: 0, y: 0, scale: 1 });
    expect(onScreen(fitted([5, 6, Number.NaN, 1], size), size, 5, 6)).toEqual([320, 200]);
  });

  it('zooms about the pointer and moves with the hand', () => {
    const [x, y] = at(17);
    const near = zoomedAt(view, size, [x, y], 3);
    const after = onScreen(near, size, positions[34] ?? 0, positions[35] ?? 0);
    expect(after[0]).toBeCloseTo(x, 9);
    expect(after[1]).toBeCloseTo(y, 9);
    const moved = onScreen(pannedBy(near, 12, -7), size, positions[34] ?? 0, positions[35] ?? 0);
    expect(moved[0]).toBeCloseTo(x + 12, 9);
    expect(moved[1]).toBeCloseTo(y - 7, 9);
  });

  it('finds the nearest point that is shown, and none where all are far', () => {
    const all = Array.from({ length: 200 }, (_, i) => i);
    for (const i of [0, 41, 199]) {
      const [x, y] = at(i);
      const distance = (j: number): number => Math.hypot(at(j)[0] - x - 2, at(j)[1] - y);
      const nearest = (of: readonly number[]): number =>
        of.reduce((best, j) => (distance(j) < distance(best) ? j : best));
      const first = nearest(all);
      expect(pointNear(positions, view, size, [x + 2, y], 500, () => true)).toBe(first);
      const second = nearest(all.filter((j) => j !== first));
      expect(pointNear(positions, view, size, [x + 2, y], 500, (j) => j !== first)).toBe(second);
    }
    expect(pointNear(positions, view, size, [-500, -500], 10, () => true)).toBe(-1);
  });

  it('gives each of many people a colour and a shape of their own', () => {
    const points = Array.from({ length: 96 }, (_, i) => ({ person: `P${i % 48}` }));
    const people = mapPeople(points);
    expect(people).toHaveLength(48);
    expect(people.every(({ faces }) => faces === 2)).toBe(true);
    expect(new Set(people.map(({ colour, shape }) => `${colour} ${shape}`)).size).toBe(48);
  });
});
