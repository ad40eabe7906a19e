import { describe, expect, it } from 'vitest';
import { groupFrames, renderGroup } from '../../../src/core/people/group.ts';
import { person } from '../../../src/core/people/person.ts';
import { shot } from '../../../src/core/people/shot.ts';

const calm = { yaw: 15, pitch: 5, roll: 5, expression: 0.5, difficulty: 0.2, occlusion: 0 };

describe('group photographs', () => {
  const frames = groupFrames(5, 1.5);
  const people = [1, 2, 3, 4, 5].map(person);
  const shots = frames.map((frame, i) => ({ ...shot(40 + i, calm), frame }));
  const group = renderGroup(people, shots, 240, 160);

  it('have a truth for everybody, in their order', () => {
    expect(group.truths.map(({ identity }) => identity)).toEqual([1, 2, 3, 4, 5]);
    expect(group.image.data).toHaveLength(240 * 160 * 3);
  });

  it('put every face where its frame says, within the picture and apart from the others of its row', () => {
    const middles = group.truths.map(({ box }) => [box.x + box.width / 2, box.y + box.height / 2] as const);
    middles.forEach(([x, y], i) => {
      const frame = frames[i];
      expect(Math.abs(x - 240 * (frame?.x ?? 0))).toBeLessThan(14);
      expect(Math.abs(y - 160 * (frame?.y ?? 0))).toBeLessThan(24);
    });
    const front = middles.slice(2).map(([x]) => x);
    for (let i = 1; i < front.length; i++) expect((front[i] ?? 0) - (front[i - 1] ?? 0)).toBeGreaterThan(50);
  });

  it('draw those in front over those behind', () => {
    // the same two people in the same place: the last one is seen
    const place = { x: 0.5, y: 0.5, size: 0.5 };
    const both = [0, 1].map((i) => ({ ...shot(50 + i, calm), frame: place, glasses: false }));
    const [first, second] = [person(1), person(2)];
    const pair = renderGroup([first, second], both, 80, 80).image;
    const alone = renderGroup([second], both.slice(1), 80, 80).image;
    const { points } = renderGroup([second], both.slice(1), 80, 80).truths[0] ?? { points: [] };
    const at = (Math.round(points[5] ?? 0) * 80 + Math.round(points[4] ?? 0)) * 3;
    expect([...pair.data.subarray(at, at + 3)]).toEqual([...alone.data.subarray(at, at + 3)]);
  });

  it('ask for a shot for each person', () => {
    expect(() => renderGroup([person(1)], [], 32, 32)).toThrow(/a shot for each person/);
  });
});

describe('groupFrames', () => {
  it('gives as many places as people, those behind smaller and higher', () => {
    for (const count of [1, 2, 3, 4, 7]) expect(groupFrames(count, 1.5)).toHaveLength(count);
    const frames = groupFrames(6, 1.5);
    expect(frames[0]?.y).toBeLessThan(frames[5]?.y ?? 0);
    expect(frames[0]?.size).toBeLessThan(frames[5]?.size ?? 0);
  });
});
