import { describe, expect, it } from 'vitest';
import { groupHits } from '../../../src/renderer/state/search.svelte.ts';
import { seededWorld } from '../../support/fake-app/world.ts';

const world = seededWorld(60);
const known = [...world.faces.values()];

describe('groupHits', () => {
  it('groups by person, the best hit first, and loses none', () => {
    const hits = known.map((face, i) => ({ face, similarity: 1 - i / known.length }));
    const groups = groupHits(hits);
    expect(groups.reduce((sum, group) => sum + group.hits.length, 0)).toBe(hits.length);
    expect(groups[0]?.hits[0]).toBe(hits[0]);
    const best = groups.map((group) => group.hits[0]?.similarity ?? 0);
    expect(best).toEqual([...best].sort((a, b) => b - a));
    expect(new Set(groups.map((group) => group.personId)).size).toBe(groups.length);
    for (const group of groups) {
      expect(new Set(group.hits.map((hit) => hit.face.personId))).toEqual(new Set([group.personId]));
    }
  });

  it('has no groups for no hits', () => {
    expect(groupHits([])).toEqual([]);
  });
});
