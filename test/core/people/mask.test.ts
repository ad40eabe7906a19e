import { describe, expect, it } from 'vitest';
import { defined } from '../../../src/core/base/assert.ts';
import { arena } from '../../../src/core/people/arena.ts';
import { sculpt } from '../../../src/core/people/figure.ts';
import { type MaskKind, mask, maskKinds } from '../../../src/core/people/mask-kinds.ts';
import { person } from '../../../src/core/people/person.ts';
import { type Portrait, photograph } from '../../../src/core/people/portrait.ts';
import { type Shot, shot, usualLimits } from '../../../src/core/people/shot.ts';
import { within } from './polygon.ts';

const limits = { ...usualLimits, difficulty: 0.2, occlusion: 0 };

/** The first mask of a kind. */
function maskOf(kind: MaskKind): NonNullable<Shot['mask']> {
  for (let seed = 0; ; seed++) if (mask(seed).kind === kind) return mask(seed);
}

function posed(seed: number, yaw: number, pitch: number, kind: MaskKind | null): Shot {
  const base = shot(seed, { ...limits, roll: 12 });
  const worn = kind === null ? null : maskOf(kind);
  return { ...base, pose: { ...base.pose, yaw, pitch }, glasses: false, mask: worn };
}

/** Sum of the differences of the three channels of the pixel nearest to a place. */
function change(a: Portrait, b: Portrait, x: number, y: number): number {
  const i = (Math.round(y) * a.image.width + Math.round(x)) * 3;
  return [0, 1, 2].reduce(
    (sum, c) => sum + Math.abs((a.image.data[i + c] ?? 0) - (b.image.data[i + c] ?? 0)),
    0,
  );
}

describe.each(maskKinds)('a mask of the kind %s', (kind) => {
  const views = [
    [0, 0],
    [35, 5],
    [-40, -15],
    [10, 20],
  ] as const;
  it('covers the nose’s tip, the mouth and the chin, but not the eyes, in every pose', () => {
    for (const [k, [yaw, pitch]] of views.entries()) {
      const figure = sculpt(person(50 + k), 'small');
      const bare = photograph(figure, posed(k, yaw, pitch, null), 128, 128);
      const worn = photograph(figure, posed(k, yaw, pitch, kind), 128, 128);
      const { landmarks, mask: truth } = worn.truth;
      expect(truth?.kind).toBe(kind);
      const outline = defined(truth, 'a mask').outline;
      const at = (i: number): readonly [number, number] => [landmarks[2 * i] ?? 0, landmarks[2 * i + 1] ?? 0];
      // the nose's tip and wings, the mouth
      for (const i of [30, 33, 48, 51, 54, 57, 62])
        expect(within(...at(i), outline), `${i} at ${yaw}`).toBe(true);
      for (let i = 36; i < 48; i++) {
        expect(within(...at(i), outline), `eye ${i} at ${yaw}`).toBe(false);
        // what is seen of them is as it is without a mask, but for the noise that both have
        expect(change(bare, worn, ...at(i)), `eye ${i} at ${yaw}`).toBeLessThan(40);
      }
    }
  });

  it('is there to see, and hides the lips', () => {
    const figure = sculpt(person(60), 'small');
    const bare = photograph(figure, posed(3, 0, 0, null), 128, 128);
    const worn = photograph(figure, posed(3, 0, 0, kind), 128, 128);
    let changed = 0;
    let inside = 0;
    const outline = defined(worn.truth.mask, 'a mask').outline;
    for (let y = 0; y < 128; y++)
      for (let x = 0; x < 128; x++) {
        if (!within(x, y, outline)) continue;
        inside++;
        if (change(bare, worn, x, y) > 20) changed++;
      }
    expect(inside).toBeGreaterThan(500);
    expect(changed / inside).toBeGreaterThan(0.9);
  });
});

describe('masks', () => {
  it('leave the truth of the face as it is', () => {
    const figure = sculpt(person(50), 'small');
    const bare = photograph(figure, posed(1, 20, 5, null), 96, 96).truth;
    const worn = photograph(figure, posed(1, 20, 5, 'cloth'), 96, 96).truth;
    expect(bare.mask).toBeNull();
    expect({ ...worn, mask: null }).toEqual(bare);
  });

  it('come as often as limits say, on shots that are otherwise the same', () => {
    const seeds = Array.from({ length: 300 }, (_, i) => i);
    const worn = seeds.filter((seed) => shot(seed, { ...limits, masks: 0.3 }).mask !== null);
    expect(worn.length).toBeGreaterThan(60);
    expect(worn.length).toBeLessThan(120);
    expect(shot(5, limits).mask).toBeNull();
    expect({ ...shot(5, { ...limits, masks: 1 }), mask: null }).toEqual(shot(5, limits));
  });

  it('look the same whoever wears them, and of every kind there is', () => {
    expect(mask(9)).toEqual(mask(9));
    const kinds = new Set(Array.from({ length: 40 }, (_, i) => mask(i).kind));
    expect([...kinds].sort()).toEqual([...maskKinds].sort());
  });
});

describe('memory that is used again', () => {
  it('gives the bytes that fresh memory gives', () => {
    const memory = arena();
    const figure = sculpt(person(50), 'small');
    for (let i = 0; i < 3; i++) {
      const at = shot(i, { ...limits, masks: 0.5 });
      const again = photograph(figure, at, 64 + 16 * i, 80, memory);
      const fresh = photograph(figure, at, 64 + 16 * i, 80);
      expect(again.image.data).toEqual(fresh.image.data);
      expect(again.truth).toEqual(fresh.truth);
    }
  });
});
