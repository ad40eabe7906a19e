import { describe, expect, it } from 'vitest';
import { chooseItems, type MapItem } from '../../../src/core/maps/choose.ts';

const items: MapItem[] = Array.from({ length: 30 }, (_, i) => ({
  crop: `c${String(i).padStart(2, '0')}`,
  person: `P${i % 5}`,
}));
const choice = { people: 3, names: [], each: 4, seed: 1 };
const peopleOf = (chosen: readonly MapItem[]): string[] => [...new Set(chosen.map(({ person }) => person))];

describe('the crops that a map shows', () => {
  it('are of so many people, so many of each, the same for the same seed', () => {
    const chosen = chooseItems(items, choice);
    expect(chosen).toHaveLength(12);
    expect(peopleOf(chosen)).toHaveLength(3);
    expect(chooseItems(items.toReversed(), choice)).toEqual(chosen);
    const others = [2, 3, 4].map((seed) => JSON.stringify(chooseItems(items, { ...choice, seed })));
    expect(others.some((text) => text !== JSON.stringify(chosen))).toBe(true);
  });

  it('are of the people that are named, whoever has one picture only', () => {
    const alone = [...items, { crop: 'x', person: 'Alone' }];
    expect(peopleOf(chooseItems(alone, { ...choice, names: ['P4', 'Alone'] }))).toEqual(['Alone', 'P4']);
    expect(peopleOf(chooseItems(alone, { ...choice, people: 99 }))).not.toContain('Alone');
  });

  it('are there once, however often a list has them', () => {
    const twice = [...items, ...items, { crop: 'c00', person: 'P1' }];
    const crops = chooseItems(twice, { ...choice, people: 9, each: 99 }).map(({ crop }) => crop);
    expect(crops).toHaveLength(new Set(crops).size);
  });
});
