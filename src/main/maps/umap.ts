import { UMAP } from 'umap-js';
import { seededRandom } from '../../core/base/random.ts';
import type { Neighbours } from '../../core/maps/neighbours.ts';
import type { PlaneLayout } from '../../core/maps/tsne.ts';

export interface UmapOptions {
  readonly epochs: number;
  readonly seed: number;
}

/**
 * UMAP (McInnes, Healy and Melville 2018) by umap-js over neighbours that are known exactly, with its usual settings (least
 * distance 0.1, spread 1, five negatives) and a random beginning by the seed.
 */
export function openUmap(neighbours: Neighbours, { epochs, seed }: UmapOptions): PlaneLayout {
  const { count, k, indices, squares } = neighbours;
  const random = seededRandom(seed);
  const umap = new UMAP({ nNeighbors: k + 1, nEpochs: epochs, random: () => random.next() });
  // As the library finds them itself: each point is its own first neighbour.
  const row = <T>(i: number, first: T, at: (place: number) => T): T[] => [
    first,
    ...Array.from({ length: k }, (_, m) => at(i * k + m)),
  ];
  const points = Array.from({ length: count }, (_, i) => i);
  umap.setPrecomputedKNN(
    points.map((i) => row(i, i, (place) => indices[place] ?? 0)),
    points.map((i) => row(i, 0, (place) => Math.sqrt(squares[place] ?? 0))),
  );
  umap.initializeFit(points.map((i) => [i])); // the points themselves are asked only for neighbours
  const positions = new Float64Array(2 * count);
  const read = (): void => {
    for (const [i, [x = 0, y = 0]] of umap.getEmbedding().entries()) {
      positions[2 * i] = x;
      positions[2 * i + 1] = y;
    }
  };
  read();
  return {
    positions,
    step: () => {
      umap.step();
      read();
    },
  };
}
