import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { type ClusterHost, type ClusterSetup, clusterJob } from '../../../src/main/jobs/cluster.ts';
import type { JobContext } from '../../../src/main/jobs/job.ts';
import { startRecogniser } from '../../../src/main/jobs/recogniser.ts';
import { inFolder } from '../../support/folders.ts';

const width = 16;

/** Unit vectors: `each` near one direction for every person, in no order. [n, width] */
function vectorsOf(people: number, each: number, spread: number) {
  const random = seededRandom(11);
  const unit = (values: number[]): number[] => values.map((value) => value / Math.hypot(...values));
  const centres = Array.from({ length: people }, () =>
    unit(Array.from({ length: width }, () => random.normal())),
  );
  const items = centres.flatMap((centre, person) =>
    Array.from({ length: each }, () => ({
      person,
      at: random.next(),
      vector: unit(centre.map((value) => value + spread * random.normal())),
    })),
  );
  items.sort((a, b) => a.at - b.at);
  return {
    truth: items.map(({ person }) => person),
    vectors: Float32Array.from(items.flatMap(({ vector }) => vector)),
  };
}

type Saved = Parameters<ClusterHost['save']>[0];
const context = (signal = new AbortController().signal): JobContext => ({
  signal,
  progress: () => {},
  log: () => {},
});

async function run(
  dir: string,
  vectors: Float32Array,
  some: Partial<ClusterSetup>,
  signal?: AbortSignal,
): Promise<Saved> {
  const n = vectors.length / width;
  const file = join(dir, 'm.f32');
  await writeFile(file, new Uint8Array(vectors.buffer));
  const nobody = new Int32Array(n).fill(-1);
  const setup: ClusterSetup = {
    ...{ file, width, rows: Int32Array.from({ length: n }, (_, i) => i), confirmed: nobody, named: nobody },
    ...{ dismissed: new Int32Array(), threshold: 0.6, threads: 1 },
    ...some,
  };
  const saved: Saved[] = [];
  const host: ClusterHost = {
    save: async (result) => {
      saved.push(result);
    },
  };
  await clusterJob(setup, host, context(signal));
  const [only] = saved;
  if (only === undefined || saved.length > 1) throw new Error(`saved ${saved.length} times`);
  return only;
}

describe('the cluster job', () => {
  it('finds who belongs together, whatever the order of rows in the file', async () => {
    await inFolder(async (dir) => {
      const { truth, vectors } = vectorsOf(12, 30, 0.08);
      const { clusters } = await run(dir, vectors, {});
      const pairs = new Map(truth.map((person, i) => [person, clusters[i]]));
      expect(truth.map((person) => pairs.get(person))).toEqual([...clusters]);
      expect(new Set(clusters).size).toBe(12);
      const backwards = Int32Array.from(truth, (_, i) => truth.length - 1 - i);
      const again = await run(dir, vectors, { rows: backwards });
      const last = new Map(truth.map((person, i) => [person, again.clusters[truth.length - 1 - i]]));
      expect(new Set(last.values()).size).toBe(12);
      expect(truth.every((person, i) => last.get(person) === again.clusters[truth.length - 1 - i])).toBe(
        true,
      );
    });
  });

  it('suggests the person of the nearest named face, unless that was dismissed', async () => {
    await inFolder(async (dir) => {
      const { truth, vectors } = vectorsOf(3, 10, 0.05);
      const named = Int32Array.from(truth, (person, i) =>
        truth.indexOf(person) === i && person < 2 ? 100 + person : -1,
      );
      const unnamed = truth.flatMap((person, i) => (person < 2 && named[i] === -1 ? [i] : []));
      const { suggested } = await run(dir, vectors, { named });
      expect([...suggested.faces]).toEqual(unnamed);
      expect([...suggested.people]).toEqual(unnamed.map((i) => 100 + (truth[i] ?? 0)));
      expect(suggested.similarities.every((value) => value >= 0.6 && value <= 1.0001)).toBe(true);
      const [first = 0] = unnamed;
      const dismissed = Int32Array.of(first, 100 + (truth[first] ?? 0));
      const less = await run(dir, vectors, { named, dismissed });
      expect([...less.suggested.faces]).toEqual(unnamed.slice(1));
    });
  });

  it('binds what the user confirmed, and keeps apart what was dismissed', async () => {
    await inFolder(async (dir) => {
      const { truth, vectors } = vectorsOf(4, 6, 0.05);
      const [a, b] = [truth.indexOf(0), truth.indexOf(1)];
      const confirmed = new Int32Array(truth.length).fill(-1);
      confirmed[a] = 7;
      confirmed[b] = 7;
      const { clusters } = await run(dir, vectors, { confirmed, named: confirmed });
      expect(clusters[a]).toBe(clusters[b]);
      const only = new Int32Array(truth.length).fill(-1);
      only[a] = 7;
      const other = truth.lastIndexOf(0);
      const apart = await run(dir, vectors, {
        confirmed: only,
        named: only,
        dismissed: Int32Array.of(other, 7),
      });
      expect(apart.clusters[other]).not.toBe(apart.clusters[a]);
    });
  });

  it('takes one face, and stops when it is told to', async () => {
    await inFolder(async (dir) => {
      const { vectors } = vectorsOf(1, 1, 0);
      expect([...(await run(dir, vectors, {})).clusters]).toHaveLength(1);
      await expect(run(dir, vectorsOf(10, 10, 0.1).vectors, {}, AbortSignal.abort())).rejects.toBeInstanceOf(
        Cancelled,
      );
    });
  });
});

describe('the recogniser’s search', () => {
  it('is exact, also while the file grows, and breaks ties by place', async () => {
    await inFolder(async (dir) => {
      const { vectors } = vectorsOf(20, 25, 0.4);
      const n = vectors.length / width;
      const file = join(dir, 'm.f32');
      const service = await startRecogniser({
        ...{ detector: { card: {} as never, dir }, landmarks: null, threads: 1, provider: 'cpu' },
      });
      for (const count of [n / 2, n]) {
        await writeFile(file, new Uint8Array(vectors.buffer, 0, count * width * 4));
        const query = vectors.slice(5 * width, 6 * width);
        // Every row, some twice, in no order.
        const random = seededRandom(count);
        const rows = Int32Array.from({ length: count + 40 }, (_, i) =>
          i < count ? i : random.int(count),
        ).sort(() => random.next() - 0.5);
        const score = (row: number): number =>
          query.reduce((sum, value, i) => sum + value * (vectors[row * width + i] ?? 0), 0);
        const found = await service.search({ file, width, rows, query, top: 30, minSimilarity: 0.3 });
        const wanted = [...rows]
          .map((row, position) => ({ position, score: score(row) }))
          .filter((item) => item.score >= 0.3)
          .sort((a, b) => (Math.abs(a.score - b.score) > 1e-6 ? b.score - a.score : a.position - b.position))
          .slice(0, 30);
        expect([...found.positions]).toEqual(wanted.map((item) => item.position));
        found.similarities.forEach((value, i) => void expect(value).toBeCloseTo(wanted[i]?.score ?? 0, 5));
      }
      const none = await service.search({
        file,
        width,
        rows: new Int32Array(),
        query: new Float32Array(width),
        top: 5,
        minSimilarity: -1,
      });
      expect([...none.positions]).toEqual([]);
    });
  });
});
