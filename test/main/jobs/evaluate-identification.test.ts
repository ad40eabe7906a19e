import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { measureMegaface } from '../../../src/main/jobs/evaluate-megaface.ts';
import type { MegafaceTask, TemplatesTask } from '../../../src/main/jobs/evaluate-protocol.ts';
import { measureTemplates } from '../../../src/main/jobs/evaluate-templates.ts';
import type { VectorRows } from '../../../src/main/jobs/load-vectors.ts';
import { pooledTemplates } from '../../../src/main/jobs/pool-templates.ts';
import { scoreBlocks } from '../../../src/main/jobs/score-blocks.ts';
import { scorePairs } from '../../../src/main/jobs/score-pairs.ts';

const width = 16;
const count = 300;
const needs = { signal: new AbortController().signal, progress: () => {} };

let dir: string;
let part: VectorRows;
let other: VectorRows;
const vectors: number[][][] = [];

/** Unit vectors that lean to one of twelve directions, in a file; the oracle's own copy in double precision. */
function write(name: string, seed: number): VectorRows {
  const random = seededRandom(seed);
  const middles = Array.from({ length: 12 }, () => Array.from({ length: width }, () => random.normal()));
  const rows = Array.from({ length: count }, (_, i) => {
    const row = Array.from({ length: width }, (_, k) => random.normal() + 0.9 * (middles[i % 12]?.[k] ?? 0));
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    return row.map((value) => Math.fround(value / length));
  });
  vectors.push(rows);
  const file = join(dir, name);
  writeFileSync(file, new Uint8Array(Float32Array.from(rows.flat()).buffer));
  return { file, width, rows: Int32Array.from({ length: count }, (_, i) => i) };
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const unit = (row: readonly number[]): number[] => {
  const length = Math.sqrt(dot(row, row));
  return length === 0 ? [...row] : row.map((value) => value / length);
};
const at = (model: number, image: number): number[] => vectors[model]?.[image] ?? [];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'lineament-evaluate-'));
  part = write('one.f32', 1);
  other = write('two.f32', 2);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('pairs of pictures', () => {
  const random = seededRandom(3);
  const pairs = Int32Array.from({ length: 400 }, () => random.int(count));

  it('are scored as their definition says, however few pictures are held at once', async () => {
    for (const kind of ['cosine', 'squared-distance'] as const) {
      const whole = await scorePairs([part], pairs, { ...needs, kind });
      const little = await scorePairs([part], pairs, { ...needs, kind, held: 7 });
      expect(little).toEqual(whole);
      whole.forEach((score, i) => {
        const [a, b] = [at(0, pairs[2 * i] ?? 0), at(0, pairs[2 * i + 1] ?? 0)];
        const wanted =
          kind === 'cosine' ? dot(a, b) : a.reduce((sum, v, k) => sum + (v - (b[k] ?? 0)) ** 2, 0);
        expect(Math.abs(score - wanted)).toBeLessThan(1e-6);
      });
    }
  });

  it('of several models have the mean of their cosines, and none where a model has no embedding', async () => {
    const rows = other.rows.slice();
    rows[pairs[0] ?? 0] = -1;
    const scores = await scorePairs([part, { ...other, rows }], pairs, { ...needs, kind: 'cosine' });
    expect(scores[0]).toBeNaN();
    const last = pairs.length / 2 - 1;
    const [a, b] = [pairs[2 * last] ?? 0, pairs[2 * last + 1] ?? 0];
    expect(scores[last]).toBeCloseTo((dot(at(0, a), at(0, b)) + dot(at(1, a), at(1, b))) / 2, 6);
  });
});

describe('products by blocks', () => {
  it('are the same whatever the blocks and threads', async () => {
    const values = Float32Array.from((vectors[0] ?? []).flat());
    const matrix = async (columns: number, threads: number): Promise<Float32Array> => {
      const all = new Float32Array(20 * count);
      const load = async (from: number, number: number) => [
        { width, values: values.subarray(from * width, (from + number) * width) },
      ];
      const probes = [{ width, values: values.subarray(0, 20 * width) }];
      await scoreBlocks(
        ...([probes, count, load] as const),
        ({ entry, rows, columns: size, scores }) => {
          for (let i = 0; i < rows; i++)
            for (let j = 0; j < size; j++) all[i * count + entry + j] = scores[i * size + j] ?? 0;
        },
        { ...needs, threads, columns },
      );
      return all;
    };
    const whole = await matrix(count, 1);
    for (const [columns, threads] of [
      [7, 1],
      [64, 1],
      [count, 2],
    ] as const) {
      const again = await matrix(columns, threads);
      for (const [i, score] of again.entries()) expect(Math.abs(score - (whole[i] ?? 9))).toBeLessThan(1e-6);
    }
    expect(whole[count + 5]).toBeCloseTo(dot(at(0, 1), at(0, 5)), 6);
  });
});

describe('MegaFace', () => {
  const probes = Int32Array.from({ length: 24 }, (_, i) => i);
  const distractors = Int32Array.from({ length: 200 }, (_, i) => 60 + i);
  const task: Omit<MegafaceTask, 'parts'> = {
    ...{ kind: 'megaface', protocol: 'facex', probes, distractors, maskedProbes: null },
    people: probes.map((i) => i % 12),
    ...{ noisyProbes: Int32Array.of(3), noisyDistractors: Int32Array.of(61, 100) },
  };

  /** Straight from the definition, in double precision. */
  function oracle(masked: boolean) {
    const clean = (first: number) =>
      Array.from(
        probes,
        (i) => (i === 3 ? unit(at(0, first + 15)) : at(0, first + i)), // 15 is the other picture of 3's person
      );
    const [gallery, searches] = [clean(0), clean(masked ? 24 : 0)];
    const crowd = Array.from(distractors, (i) => (i === 61 || i === 100 ? at(0, i).map(() => 0) : at(0, i)));
    const [positives, negatives]: [number[], number[]] = [[], []];
    const ranks: number[] = [];
    searches.forEach((search, p) => {
      const others = crowd.map((row) => dot(search, row));
      negatives.push(...others);
      gallery.forEach((entry, g) => {
        if (g === p || g % 12 !== p % 12) return;
        const score = dot(search, entry);
        positives.push(score);
        ranks.push(1 + others.filter((one) => one > score).length);
      });
    });
    const found = (rank: number): number => ranks.filter((one) => one <= rank).length / ranks.length;
    const tar = (rate: number): number => {
      const bars = [...positives].sort((a, b) => b - a);
      let best = 0;
      for (const bar of bars)
        if (negatives.filter((one) => one >= bar).length / negatives.length <= rate)
          best = Math.max(best, positives.filter((one) => one >= bar).length / positives.length);
      return best;
    };
    return { found, tar };
  }

  it.each([false, true])('agrees with its definition, masked probes: %s', async (masked) => {
    const maskedProbes = masked ? probes.map((i) => 24 + i) : null;
    const { identification } = await measureMegaface({ ...task, maskedProbes, parts: [part] }, 1, needs);
    const { found, tar } = oracle(masked);
    for (const [rank, share] of identification?.cmc ?? []) expect(share).toBe(found(rank));
    expect(identification?.cmc[0]?.[1]).toBeLessThan(1);
    expect(identification?.tar.map(([, share]) => share)).toEqual([
      tar(0.1),
      tar(0.01),
      tar(0.001),
      null,
      null,
      null,
    ]);
    expect([identification?.probes, identification?.gallery]).toEqual([24, 201]);
  });

  it('ties with a distractor that is the mate itself, to the last bit, however many there are', async () => {
    // With every probe's mates among 150 distractors, each is as alike as its mate, and a tie is no better than it.
    const crowd = Int32Array.from({ length: 150 }, (_, i) => (i % 6 === 0 ? i / 6 : 60 + i)).filter(
      (i) => i !== 24,
    );
    const maskedProbes = probes.map((i) => 24 + i);
    const tied = { ...task, maskedProbes, distractors: crowd, noisyProbes: Int32Array.of() };
    const { identification } = await measureMegaface({ ...tied, parts: [part] }, 1, needs);
    const ranks = Array.from(probes).flatMap((p) => {
      const others = Array.from(crowd, (i) => dot(at(0, 24 + p), i === 61 || i === 100 ? [] : at(0, i)));
      const mate = dot(at(0, 24 + p), at(0, (p + 12) % 24));
      return [1 + others.filter((one) => one > mate).length];
    });
    const found = (rank: number): number => ranks.filter((one) => one <= rank).length / ranks.length;
    expect(identification?.cmc.map(([, share]) => share)).toEqual(
      identification?.cmc.map(([rank]) => found(rank)),
    );
  });

  it('leaves out pictures without an embedding', async () => {
    const rows = part.rows.slice();
    rows[0] = -1;
    rows[60] = -1;
    const { identification } = await measureMegaface({ ...task, parts: [{ ...part, rows }] }, 1, needs);
    expect([identification?.probes, identification?.gallery]).toEqual([23, 200]);
  });
});

describe('templates', () => {
  const random = seededRandom(9);
  const members = {
    image: Int32Array.from({ length: 120 }, (_, i) => i),
    template: Int32Array.from({ length: 120 }, (_, i) => (i % 12) + 12 * (i % 24 < 12 ? 0 : 1)),
    media: Int32Array.from({ length: 120 }, () => random.int(3)),
    weight: Float32Array.from({ length: 120 }, () => 0.2 + random.next()),
  };
  const subjects = Int32Array.from({ length: 24 }, (_, i) => i % 12);
  const places = Array.from({ length: 24 }, (_, i) => i);
  const couples = places.flatMap((a) => places.filter((b) => b > a).map((b) => [a, b] as const));
  const task: Omit<TemplatesTask, 'parts'> = {
    ...{ kind: 'templates', protocol: 'standard', members, subjects },
    pairs: {
      a: Int32Array.from(couples, ([a]) => a),
      b: Int32Array.from(couples, ([, b]) => b),
      same: Uint8Array.from(couples, ([a, b]) => (a % 12 === b % 12 ? 1 : 0)),
    },
    galleries: [Int32Array.from([0, 1, 2, 3, 4, 5]), Int32Array.from([6, 7, 8, 9, 10, 11])],
    probes: Int32Array.from(places.slice(12)),
  };

  /** Weighted, the mean within a medium, the sum over them, of length 1: in double precision. */
  const oracleRows = (): number[][] =>
    places.map((template) => {
      const sum = new Array<number>(width).fill(0);
      for (let medium = 0; medium < 3; medium++) {
        const own = [...members.image].filter(
          (i) => members.template[i] === template && members.media[i] === medium,
        );
        for (const image of own)
          for (let k = 0; k < width; k++)
            sum[k] = (sum[k] ?? 0) + ((members.weight[image] ?? 0) * (at(0, image)[k] ?? 0)) / own.length;
      }
      return unit(sum);
    });

  it('are pooled as their definition says, however few pictures are held at once', async () => {
    const whole = await pooledTemplates(part, task);
    for (const [i, value] of oracleRows().flat().entries())
      expect(Math.abs((whole.values[i] ?? 9) - value)).toBeLessThan(1e-6);
    for (const held of [1, 7, 50]) expect(await pooledTemplates(part, task, held)).toEqual(whole);
  });

  it('are compared and searched for as their definitions say', async () => {
    const { identification, pairs } = await measureTemplates({ ...task, parts: [part] }, 1, needs);
    const rows = oracleRows();
    const score = (a: number, b: number): number => dot(rows[a] ?? [], rows[b] ?? []);
    const same = couples.filter(([a, b]) => a % 12 === b % 12).map(([a, b]) => score(a, b));
    const others = couples.filter(([a, b]) => a % 12 !== b % 12).map(([a, b]) => score(a, b));
    const tar = (rate: number): number =>
      Math.max(
        0,
        ...[...same, ...others]
          .filter((bar) => others.filter((one) => one >= bar).length / others.length <= rate)
          .map((bar) => same.filter((one) => one >= bar).length / same.length),
      );
    expect(pairs).toBe(couples.length);
    expect(identification?.tar).toEqual([
      [0.1, tar(0.1)],
      [0.01, tar(0.01)],
      [0.001, null],
      [1e-4, null],
      [1e-5, null],
      [1e-6, null],
    ]);
    const found = (probe: number, gallery: readonly number[]): boolean => {
      const mate = Math.max(...gallery.filter((g) => g % 12 === probe % 12).map((g) => score(probe, g)));
      return gallery.every((g) => g % 12 === probe % 12 || score(probe, g) < mate);
    };
    const first = places.slice(12).filter((probe) => found(probe, places.slice(0, 12))).length / 12;
    expect(identification?.cmc[0]).toEqual([1, first]);
    expect(identification?.dir.map(([far, dir]) => [far, dir === null])).toEqual([
      ...[
        [0.1, true],
        [0.01, true],
        [0.001, true],
        [1e-4, true],
        [1e-5, true],
        [1e-6, true],
      ], // six strangers each
    ]);
  });
});
