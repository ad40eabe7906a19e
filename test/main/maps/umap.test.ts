import { expect, it } from 'vitest';
import { openUmap } from '../../../src/main/maps/umap.ts';
import { agreement, mixture, neighboursOf } from '../../support/mixture.ts';

const people = mixture(2, { groups: 4, each: 15, width: 8, spread: 0.6 });
const near = neighboursOf(people.vectors, 8, 10);

function map(seed: number): Float64Array {
  const layout = openUmap(near, { epochs: 150, seed });
  for (let epoch = 0; epoch < 150; epoch++) layout.step();
  return layout.positions;
}

it('brings people apart', () => {
  expect(agreement(map(3), people.labels)).toBeGreaterThan(0.95);
});

it('is the same for the same seed only', () => {
  expect(map(3)).toEqual(map(3));
  expect(map(4)).not.toEqual(map(3));
});
