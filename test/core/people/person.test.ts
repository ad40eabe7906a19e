import { describe, expect, it } from 'vitest';
import { person, shapeModes } from '../../../src/core/people/person.ts';
import { shot, usualLimits } from '../../../src/core/people/shot.ts';

const seeds = Array.from({ length: 200 }, (_, i) => i);

describe('a person', () => {
  it('is the same for the same seed, and another for another seed', () => {
    expect(person(7)).toEqual(person(7));
    expect(person(7).shape).not.toEqual(person(8).shape);
  });

  it('stays human: every value within its range', () => {
    for (const { shape, skin, hair, age } of seeds.map(person)) {
      expect(Object.keys(shape).sort()).toEqual(Object.keys(shapeModes).sort());
      for (const value of Object.values(shape)) expect(Math.abs(value)).toBeLessThanOrEqual(2.8);
      for (const share of [skin.melanin, skin.shine, skin.wrinkles, skin.freckles, hair.grey, hair.mess]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      for (const channel of [...skin.colour, ...skin.lips, ...skin.iris, ...hair.colour]) {
        expect(channel).toBeGreaterThan(0);
        expect(channel).toBeLessThan(1);
      }
      expect(age).toBeGreaterThanOrEqual(18);
      expect(age).toBeLessThanOrEqual(80);
    }
  });

  it('comes in all kinds: tones of skin, ages, cuts of hair, with and without beard and glasses', () => {
    const people = seeds.map(person);
    const share = (is: (p: (typeof people)[number]) => boolean): number =>
      people.filter(is).length / people.length;
    expect(share((p) => p.skin.melanin < 0.3)).toBeGreaterThan(0.2);
    expect(share((p) => p.skin.melanin > 0.6)).toBeGreaterThan(0.2);
    expect(share((p) => p.masculinity > 0.5)).toBeGreaterThan(0.4);
    expect(share((p) => p.masculinity > 0.5)).toBeLessThan(0.6);
    expect(share((p) => p.age > 50)).toBeGreaterThan(0.15);
    expect(share((p) => p.beard.cut !== 'none')).toBeGreaterThan(0.15);
    expect(share((p) => p.glasses !== null)).toBeGreaterThan(0.15);
    expect(new Set(people.map((p) => p.hair.cut)).size).toBeGreaterThanOrEqual(12);
    expect(share((p) => p.masculinity < 0.4 && p.beard.cut !== 'none')).toBe(0);
  });
});

describe('a shot', () => {
  it('is the same for the same seed, and another for another seed', () => {
    expect(shot(3)).toEqual(shot(3));
    expect(shot(3).pose).not.toEqual(shot(4).pose);
  });

  it('keeps to its limits and uses them', () => {
    const limits = { ...usualLimits, yaw: 30, pitch: 10, roll: 5, occlusion: 0.5 };
    const shots = seeds.map((seed) => shot(seed, limits));
    const widest = (of: 'yaw' | 'pitch' | 'roll'): number =>
      Math.max(...shots.map(({ pose }) => Math.abs(pose[of])));
    for (const of of ['yaw', 'pitch', 'roll'] as const) {
      expect(widest(of)).toBeLessThanOrEqual(limits[of]);
      expect(widest(of)).toBeGreaterThan(limits[of] * 0.9);
    }
    const hidden = shots.filter(({ occluder }) => occluder).length;
    expect(hidden).toBeGreaterThan(70);
    expect(hidden).toBeLessThan(130);
  });

  it('is plain where the limits leave nothing to vary', () => {
    const still = { yaw: 0, pitch: 0, roll: 0, expression: 0, difficulty: 0, occlusion: 0 };
    for (const { pose, expression, lens, occluder } of seeds.map((seed) => shot(seed, still))) {
      expect([pose.yaw, pose.pitch, pose.roll].map(Math.abs)).toEqual([0, 0, 0]);
      expect(Object.values(expression.modes).every((amount) => Math.abs(amount) < 1e-9)).toBe(true);
      expect([lens.noise, lens.blur, occluder]).toEqual([0, 0, null]);
    }
  });
});
