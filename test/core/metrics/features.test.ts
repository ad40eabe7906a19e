import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import {
  ensemble,
  type Features,
  flipSum,
  scorePairs,
  unitRows,
} from '../../../src/core/metrics/features.ts';
import { centreNoisyProbes, zeroNoisyDistractors } from '../../../src/core/metrics/noise.ts';
import { poolTemplates } from '../../../src/core/metrics/templates.ts';
import { unitVectors } from '../../support/metrics-oracle-cases.ts';

const random = seededRandom(61);
const rowOf = ({ values, width }: Features, row: number): number[] =>
  Array.from(values.slice(row * width, (row + 1) * width));
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const unit = (row: readonly number[]): number[] => row.map((value) => value / Math.sqrt(dot(row, row)));
const drawn = (rows: number, width: number): Features => ({
  width,
  values: unitVectors(rows, width, random),
});
const pairsOf = (rows: number) => {
  const first = Array.from({ length: 40 }, () => random.int(rows));
  return { first, second: first.map((row) => (row + 1 + random.int(rows - 1)) % rows) };
};

describe('scores of pairs', () => {
  const features: Features = { width: 64, values: drawn(20, 64).values.map((value) => 3 * value) };
  const { first, second } = pairsOf(20);

  it('are cosines and squared distances of unit vectors', () => {
    const [cosines, distances] = [
      scorePairs(features, first, second, 'cosine'),
      scorePairs(features, first, second, 'squared-distance'),
    ];
    first.forEach((one, i) => {
      const [a, b] = [unit(rowOf(features, one)), unit(rowOf(features, second[i] ?? 0))];
      expect(cosines[i]).toBeCloseTo(dot(a, b), 12);
      const gaps = a.map((value, j) => value - (b[j] ?? 0));
      expect(distances[i]).toBeCloseTo(dot(gaps, gaps), 12);
    });
  });

  it('of a row of zeros are those of right angles', () => {
    const zeros = { width: 2, values: Float32Array.of(0, 0, 1, 0) };
    expect(Array.from(scorePairs(zeros, [0], [1], 'cosine'))).toEqual([0]);
    expect(Array.from(scorePairs(zeros, [0], [1], 'squared-distance'))).toEqual([2]);
  });
});

describe('several embeddings as one', () => {
  it('ensembles have the mean of the cosines', () => {
    const parts = [drawn(15, 8), drawn(15, 32), { width: 4, values: drawn(15, 4).values.map((v) => 7 * v) }];
    const joined = ensemble(parts);
    expect(joined.width).toBe(44);
    const { first, second } = pairsOf(15);
    const each = parts.map((part) => scorePairs(part, first, second, 'cosine'));
    scorePairs(joined, first, second, 'cosine').forEach((score, i) => {
      expect(score).toBeCloseTo(each.reduce((sum, scores) => sum + (scores[i] ?? 0), 0) / 3, 6);
    });
    first.forEach((row) => {
      expect(dot(rowOf(joined, row), rowOf(joined, row))).toBeCloseTo(1, 6);
    });
  });

  it('the mirrored embedding is added', () => {
    const [a, b] = [drawn(5, 8), drawn(5, 8)];
    const sum = flipSum(a, b);
    for (let row = 0; row < 5; row++) {
      const wanted = unit(rowOf(a, row).map((value, i) => value + (rowOf(b, row)[i] ?? 0)));
      rowOf(sum, row).forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i] ?? 0, 6);
      });
    }
  });

  it('rows of zeros stay zero', () => {
    const values = Float32Array.of(0, 0, 3, 4);
    expect(Array.from(unitRows({ width: 2, values }).values)).toEqual([
      0,
      0,
      Math.fround(0.6),
      Math.fround(0.8),
    ]);
  });
});

describe('noise lists', () => {
  const features = drawn(7, 16);
  const identities = [1, 1, 1, 2, 2, 3, 1];

  it('noisy probes get the centre of the clean pictures of their person', () => {
    const { features: cleaned, replaced, lost } = centreNoisyProbes(features, identities, new Set([1, 4, 5]));
    expect([replaced, lost]).toEqual([3, [3]]);
    const centre = unit(
      rowOf(features, 0).map((v, i) => v + (rowOf(features, 2)[i] ?? 0) + (rowOf(features, 6)[i] ?? 0)),
    );
    rowOf(cleaned, 1).forEach((value, i) => {
      expect(value).toBeCloseTo(centre[i] ?? 0, 6);
    });
    rowOf(cleaned, 4).forEach((value, i) => {
      expect(value).toBeCloseTo(rowOf(features, 3)[i] ?? 0, 6); // the only clean one, already of length 1
    });
    expect(rowOf(cleaned, 5)).toEqual(new Array(16).fill(0));
    for (const row of [0, 2, 3, 6]) expect(rowOf(cleaned, row)).toEqual(rowOf(features, row));
  });

  it('noisy distractors become zero', () => {
    const { features: cleaned, replaced } = zeroNoisyDistractors(features, new Set([0, 6, 99]));
    expect(replaced).toBe(2);
    expect(rowOf(cleaned, 0)).toEqual(new Array(16).fill(0));
    expect(rowOf(cleaned, 3)).toEqual(rowOf(features, 3));
  });
});

describe('templates', () => {
  const features = drawn(9, 12);
  const templates = [7, 7, 7, 7, 2, 2, 2, 5, 5];
  const media = [1, 1, 1, 2, 1, 2, 2, 4, 4];
  const weights = [0.9, 0.5, 0.7, 1, 0.3, 0.8, 0.6, 0, 0];

  it('are sums of means of media, weighted by the detector', () => {
    const pooled = poolTemplates(features, { templates, media, weights });
    expect([pooled.templates, pooled.empty]).toEqual([[2, 5, 7], [5]]);
    const weighted = (row: number): number[] => rowOf(features, row).map((v) => v * (weights[row] ?? 0));
    const wanted = [
      unit(weighted(4).map((v, i) => v + ((weighted(5)[i] ?? 0) + (weighted(6)[i] ?? 0)) / 2)),
      new Array<number>(12).fill(0),
      unit(
        weighted(3).map(
          (v, i) => v + ((weighted(0)[i] ?? 0) + (weighted(1)[i] ?? 0) + (weighted(2)[i] ?? 0)) / 3,
        ),
      ),
    ];
    wanted.forEach((row, place) => {
      row.forEach((value, i) => {
        expect(pooled.features.values[place * 12 + i]).toBeCloseTo(value, 6);
      });
    });
  });

  it('without weights count every picture alike, and do not depend on order', () => {
    const turned = [8, 6, 7, 0, 3, 1, 4, 2, 5];
    const plain = poolTemplates(features, { templates, media });
    const shuffled = poolTemplates(
      { width: 12, values: Float32Array.from(turned.flatMap((row) => rowOf(features, row))) },
      { templates: turned.map((row) => templates[row] ?? 0), media: turned.map((row) => media[row] ?? 0) },
    );
    expect(plain.empty).toEqual([]);
    expect(shuffled.templates).toEqual(plain.templates);
    shuffled.features.values.forEach((value, i) => {
      expect(value).toBeCloseTo(plain.features.values[i] ?? 0, 6);
    });
  });
});
