import { describe, expect, it } from 'vitest';
import { lookAlikes, unlike } from '../../../src/core/people/likeness.ts';
import { person } from '../../../src/core/people/person.ts';

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

describe('unlike', () => {
  it('is 0 between somebody and themselves, and the same both ways', () => {
    const [one, other] = [person(1), person(2)];
    expect(unlike(one, one)).toBe(0);
    expect(unlike(one, other)).toBeGreaterThan(0);
    expect(unlike(one, other)).toBe(unlike(other, one));
  });

  it('looks at colours, hair, beard, glasses, sex and age, and not at the shape of the face', () => {
    const one = person(3);
    expect(unlike(one, { ...one, seed: 4, shape: person(4).shape })).toBe(0);
    const paler = { ...one, skin: { ...one.skin, colour: [0.9, 0.8, 0.8] as const } };
    expect(unlike(one, paler)).toBeGreaterThan(0.5);
    const bald = {
      ...one,
      hair: { ...one.hair, cut: one.hair.cut === 'bald' ? ('long' as const) : ('bald' as const) },
    };
    expect(unlike(one, bald)).toBeGreaterThan(0.5);
    expect(unlike(one, { ...one, masculinity: 1 - one.masculinity })).toBeGreaterThan(0.2);
    expect(unlike(one, { ...one, age: one.age + 20 })).toBeCloseTo(0.25, 9);
  });
});

describe('lookAlikes', () => {
  const seeds = lookAlikes(11, 8, new Set());

  it('gives as many people as asked, the same ones for the same seed, none twice, none of those taken', () => {
    expect(new Set(seeds).size).toBe(8);
    expect(lookAlikes(11, 8, new Set())).toEqual(seeds);
    expect(lookAlikes(12, 8, new Set()).some((seed) => seeds.includes(seed))).toBe(false);
    const others = lookAlikes(11, 8, new Set(seeds.slice(0, 3)));
    expect(others.some((seed) => seeds.slice(0, 3).includes(seed))).toBe(false);
    expect(lookAlikes(11, 0, new Set())).toEqual([]);
  });

  it('leaves those with glasses out, which come and go', () => {
    expect(seeds.every((seed) => person(seed).glasses === null)).toBe(true);
  });

  it('gives people who look alike at first sight, whose faces are as unlike as anybody’s', () => {
    const alike = seeds.map(person);
    const anybody = Array.from({ length: 8 }, (_, i) => person(1000 + i));
    const pairs = (of: typeof alike, how: (a: (typeof of)[0], b: (typeof of)[0]) => number): number =>
      mean(of.flatMap((a, i) => of.slice(0, i).map((b) => how(a, b))));
    expect(pairs(alike, unlike)).toBeLessThan(pairs(anybody, unlike) / 2);
    const shapes = (list: typeof alike): number =>
      pairs(
        list,
        (a, b) =>
          Math.abs(a.shape.noseLength - b.shape.noseLength) +
          Math.abs(a.shape.jawWidth - b.shape.jawWidth) +
          Math.abs(a.shape.mouthWidth - b.shape.mouthWidth) +
          Math.abs(a.shape.eyeDistance - b.shape.eyeDistance),
      );
    expect(shapes(alike)).toBeGreaterThan(0.5 * shapes(anybody));
  });
});
