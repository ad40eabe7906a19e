import { expect, it } from 'vitest';
import { type EmbeddingMap, mapWish } from '../../../src/core/contract/evaluations.ts';
import { mapDrawing, mapPage } from '../../../src/core/report/map-drawing.ts';

const map: EmbeddingMap = {
  ...{ job: 1, wish: mapWish.parse({ scope: { version: 1 } }), state: 'done', method: 'tsne', epochs: 10 },
  layouts: [
    { model: 'One', epoch: 10, positions: [0, 0, 10, 0, 10, 5] },
    { model: 'Two <b>', epoch: 10, positions: [1, 1, 1, 1, 1, 1] },
  ],
  points: [
    { crop: 'a', person: 'Ada & Co' },
    { crop: 'b', person: 'Ada & Co' },
    { crop: 'c', person: 'Bram' },
  ],
};

it('shows each model’s points with equal units both ways', () => {
  const centres = [...mapDrawing(map).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="3\.6"/g)].map(
    (found) => found.slice(1).map(Number),
  );
  expect(centres).toHaveLength(6);
  const [[ax = 0, ay = 0] = [], [bx = 0] = [], [cx = 0, cy = 0] = []] = centres;
  expect(bx - ax).toBe(600); // 640 without margins
  expect([cx, cy - ay]).toEqual([bx, 300]);
});

it('names models and people, as text', () => {
  const page = mapPage(map, 'A <map>');
  for (const text of [
    'Ada &amp; Co',
    'Bram',
    'Two &lt;b&gt;',
    '<title>A &lt;map&gt;</title>',
    '3 crops of 2 people',
    't-SNE',
  ])
    expect(page).toContain(text);
  expect(page).not.toMatch(/<(script|link|img)|href=/);
});
