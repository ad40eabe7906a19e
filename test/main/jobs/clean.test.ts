import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { classCentres } from '../../../src/core/training/class-centres.ts';
import { membersOf } from '../../../src/core/training/members.ts';
import { type CleanHost, type CleanSetup, cleanJob } from '../../../src/main/jobs/clean.ts';
import { inFolder } from '../../support/folders.ts';

const width = 16;
type Saved = Parameters<CleanHost['save']>[0];

/** Unit vectors near one direction for each person; picture i shows person i mod people. [n, width] */
function vectorsOf(people: number, n: number): Float32Array {
  const random = seededRandom(31);
  const unit = (values: number[]): number[] => values.map((value) => value / Math.hypot(...values));
  const draw = (): number[] => Array.from({ length: width }, () => random.normal());
  const faces = Array.from({ length: people }, () => unit(draw()));
  const row = (i: number): number[] =>
    unit((faces[i % people] ?? []).map((value) => value + 0.08 * random.normal()));
  return Float32Array.from(Array.from({ length: n }, (_, i) => row(i)).flat());
}

async function run(
  dir: string,
  vectors: Float32Array,
  labels: Int32Array,
  some: { readonly rows?: Int32Array; readonly signal?: AbortSignal } = {},
) {
  const file = join(dir, 'm.f32');
  await writeFile(file, new Uint8Array(vectors.buffer));
  const rows = some.rows ?? Int32Array.from(labels, (_, i) => i);
  const setup: CleanSetup = { file, width, rows, labels, threads: 1 };
  const saved: Saved[] = [];
  const progress: number[] = [];
  const summary = await cleanJob(
    setup,
    { save: async (result) => void saved.push(result) },
    {
      signal: some.signal ?? new AbortController().signal,
      progress: (done) => void progress.push(done),
      log: () => {},
    },
  );
  const [only] = saved;
  if (only === undefined || saved.length > 1) throw new Error(`saved ${saved.length} times`);
  return { ...only, summary, progress };
}

describe('the job that looks at names', () => {
  it('compares each picture with its class and the nearest other, as the definition says', async () => {
    await inFolder(async (dir) => {
      const [people, n] = [7, 600];
      const vectors = vectorsOf(people, n);
      const labels = Int32Array.from({ length: n }, (_, i) => (i % 19 === 0 ? (i + 3) % people : i % people));
      const { own, next, nearest, stranger, summary, progress } = await run(dir, vectors, labels);
      const centres = classCentres(vectors, width, membersOf(labels), people);
      expect([...own]).toEqual([...centres.own]);
      const cosine = (picture: number, label: number): number =>
        Array.from({ length: width }).reduce<number>(
          (sum, _, d) =>
            sum + (vectors[picture * width + d] ?? 0) * (centres.vectors[label * width + d] ?? 0),
          0,
        );
      for (let picture = 0; picture < n; picture++) {
        const others = Array.from({ length: people }, (_, label) => label)
          .filter((label) => label !== labels[picture])
          .map((label) => ({ label, score: cosine(picture, label) }))
          .sort((a, b) => b.score - a.score);
        expect(nearest[picture]).toBe(others[0]?.label);
        expect(next[picture]).toBeCloseTo(others[0]?.score ?? 0, 5);
        expect(others.some(({ score }) => Math.abs(score - (stranger[picture] ?? 2)) < 1e-5)).toBe(true);
      }
      expect(summary).toEqual({ pictures: n, people });
      expect(progress).toEqual([256, 512, 600]);
      // rows in another order are the same pictures
      const order = Int32Array.from({ length: n }, (_, i) => n - 1 - i);
      const turned = await run(dir, vectors, labels.toReversed(), { rows: order });
      expect(turned.nearest.toReversed()).toEqual(nearest);
    });
  });

  it('finds names that are one', async () => {
    await inFolder(async (dir) => {
      const vectors = vectorsOf(5, 200);
      const labels = Int32Array.from({ length: 200 }, (_, i) => (i % 5 === 2 && i >= 100 ? 5 : i % 5));
      const { pairs, similarities } = await run(dir, vectors, labels);
      expect([...pairs.subarray(0, 2)]).toEqual([2, 5]);
      expect(similarities[0]).toBeGreaterThan(0.85);
      expect(Math.max(-1, ...similarities.subarray(1))).toBeLessThan(0.85);
    });
  });

  it('takes one picture and one class, and stops when it is told to', async () => {
    await inFolder(async (dir) => {
      const one = await run(dir, vectorsOf(1, 1), new Int32Array(1));
      expect([one.own[0], one.next[0], one.nearest[0]]).toEqual([Number.NaN, Number.NaN, -1]);
      const labels = Int32Array.from({ length: 300 }, (_, i) => i % 4);
      await expect(
        run(dir, vectorsOf(4, 300), labels, { signal: AbortSignal.abort() }),
      ).rejects.toBeInstanceOf(Cancelled);
    });
  });
});
