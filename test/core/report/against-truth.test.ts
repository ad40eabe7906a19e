import { describe, expect, it } from 'vitest';
import {
  clustersAgainstTruth,
  type FoundFace,
  facesAgainstTruth,
  matchFaces,
  pointError,
  type TrueFace,
} from '../../../src/core/report/against-truth.ts';

const points = (x: number, y: number): number[] => [
  x,
  y,
  x + 40,
  y,
  x + 20,
  y + 20,
  x + 5,
  y + 40,
  x + 35,
  y + 40,
];
const box = (x: number, y: number) => ({ x, y, width: 100, height: 100 });
const truth = (identity: number, x: number): TrueFace => ({
  identity,
  box: box(x, 0),
  points: points(x, 30),
  masked: false,
});
const found = (id: number, x: number, cluster: number | null = null): FoundFace => {
  return { id, box: box(x, 0), points: points(x, 30), cluster };
};

describe('what was found against the truth', () => {
  it('pairs up faces by their overlap, the best first, each once', () => {
    const [a, b] = [truth(1, 0), truth(2, 40)];
    const [near, nearer, far] = [found(1, 10), found(2, 38), found(3, 500)];
    const pairs = matchFaces([near, nearer, far], [a, b]);
    expect(pairs.map((pair) => [pair.found.id, pair.truth.identity])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    // both lie on the same face: only one can be it
    expect(matchFaces([found(1, 2), found(2, 4)], [a]).map((pair) => pair.found.id)).toEqual([1]);
  });

  it('measures points by the distance of the eyes', () => {
    expect(pointError(points(0, 0), points(0, 0))).toBe(0);
    expect(pointError(points(3, 4), points(0, 0))).toBeCloseTo(5 / 40, 12);
  });

  it('counts what was missed and what is too much, and takes the median error', () => {
    const pairs = [0, 4, 8, 40].map((shift, i) => {
      const face = { ...found(i, 0), points: points(shift, 30) };
      return { found: face, truth: truth(i, 0) };
    });
    const { pointError: error, ...counts } = facesAgainstTruth(pairs, 6, 5);
    expect(counts).toEqual({ true: 5, found: 4, extra: 2 });
    expect(error).toBeCloseTo(6 / 40, 12);
    expect(facesAgainstTruth([], 0, 3)).toEqual({ true: 3, found: 0, extra: 0, pointError: 0 });
  });

  it('takes faces without a cluster as alone', () => {
    const match = (id: number, identity: number, cluster: number | null) => {
      return { found: found(id, 0, cluster), truth: truth(identity, 0) };
    };
    const clusters = clustersAgainstTruth([
      ...[match(1, 7, 1), match(2, 7, 1), match(3, 7, null), match(4, 8, 2), match(5, 8, 2), match(6, 9, 2)],
    ]);
    // together: 1-2, 4-5, 4-6, 5-6; belong together: 1-2, 1-3, 2-3, 4-5
    expect(clusters).toMatchObject({
      faces: 6,
      clusters: 2,
      identities: 3,
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
    });
  });
});
