import { describe, expect, it } from 'vitest';
import { identitiesOrder } from '../../../src/core/training/identities.ts';
import { openSampler } from '../../../src/core/training/sampler.ts';

const counts = [5, 1, 4, 0, 2, 6, 3, 3]; // seven identities with pictures, 24 of them
const classes = Int32Array.from(counts.flatMap((count, identity) => Array<number>(count).fill(identity)));
const [identities, pictures] = [3, 2];
const request = { classes, seed: 5, stepImages: identities * pictures };

function steps(from: number, to: number, seed = 5): number[][] {
  const sampler = openSampler(identitiesOrder({ identities, pictures }), { ...request, seed });
  return Array.from({ length: to - from }, (_, i) => [...sampler.step(from + i).indices]);
}

describe('batches of identities', () => {
  it('have P different identities and K pictures of each, one after the other', () => {
    for (const step of steps(0, 40)) {
      const owners = step.map((picture) => classes[picture]);
      const people = owners.filter((_, i) => i % pictures === 0);
      expect(new Set(people).size).toBe(identities);
      expect(owners).toEqual(people.flatMap((person) => [person, person]));
    }
  });

  it('repeat a picture only where an identity has fewer than K', () => {
    for (const step of steps(0, 40))
      for (let i = 0; i < step.length; i += pictures) {
        const [a, b] = [step[i] ?? -1, step[i + 1] ?? -1];
        if (counts[classes[a] ?? -1] === 1) expect(b).toBe(a);
      }
    const order = identitiesOrder({ identities: 7, pictures: 2 })({ ...request, epoch: 0 }, 42);
    const seen = Array.from({ length: 3 }, (_, i) =>
      [...order].filter((p) => classes[p] === 5).slice(2 * i, 2 * i + 2),
    );
    expect(new Set(seen.flat()).size).toBe(6); // all six come before one comes again
  });

  it('bring every identity as often', () => {
    const order = identitiesOrder({ identities, pictures })({ ...request, epoch: 0 }, 7 * 300 * pictures);
    const times = new Map<number, number>();
    for (const picture of order)
      times.set(classes[picture] ?? -1, (times.get(classes[picture] ?? -1) ?? 0) + 1);
    expect(times.size).toBe(7);
    for (const count of times.values()) expect(count).toBe(600);
  });

  it('are the same wherever a run goes on, and others by another seed or in another epoch', () => {
    const whole = steps(0, 12);
    expect(steps(5, 12)).toEqual(whole.slice(5));
    expect(steps(0, 12, 6)).not.toEqual(whole);
    expect(whole.slice(0, 4)).not.toEqual(whole.slice(4, 8));
  });

  it('are whole also where an epoch ends within one', () => {
    expect(identitiesOrder({ identities, pictures })({ ...request, epoch: 0 }, 7).length).toBe(12);
  });

  it('refuse fewer identities than a batch takes', () => {
    expect(() => identitiesOrder({ identities: 8, pictures: 2 })({ ...request, epoch: 0 }, 16)).toThrow(
      'A batch takes 8 different identities, and there are 7 to train on.',
    );
  });
});
