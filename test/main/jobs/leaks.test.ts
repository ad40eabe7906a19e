import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rgbImage } from '../../../src/core/base/image.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { openPack, type PackLocation } from '../../../src/main/datasets/pack.ts';
import { encodeCrop } from '../../../src/main/images/encode.ts';
import { type LeaksHost, leaksJob } from '../../../src/main/jobs/leaks.ts';

const width = 16;
type Found = Parameters<LeaksHost['save']>[0];

const random = seededRandom(11);
const unit = (vector: readonly number[]): number[] => {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const person = (): number[] => unit(Array.from({ length: width }, () => random.normal()));
const pictureOf = (who: readonly number[]): number[] =>
  unit(who.map((value) => value + 0.1 * random.normal()));

/** Ten people of three pictures, and forty others of five; the first four are in both, in other pictures. */
const people = Array.from({ length: 50 }, person);
const mine = Array.from({ length: 30 }, (_, i) => pictureOf(people[Math.floor(i / 3)] ?? []));
const theirs = Array.from({ length: 200 }, (_, i) => {
  const who = Math.floor(i / 5);
  return pictureOf(people[who < 4 ? who : who + 10] ?? []);
});
// One picture is in both.
theirs[17] = mine[9] ?? [];

describe('what a benchmark and a version share by their embeddings', () => {
  let dir: string;
  const places: PackLocation[] = [];
  let found: Found;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lineament-leaks-'));
    // Rows in another order than the pictures; a few that are nobody's.
    const rows = [person(), ...theirs.toReversed(), person(), ...mine];
    await writeFile(join(dir, 'v.f32'), new Uint8Array(Float32Array.from(rows.flat()).buffer));
    const pack = await openPack(dir, { name: 'crops', committed: null });
    for (let i = 0; i < 3; i++) {
      const data = Uint8Array.from(
        { length: 112 * 112 * 3 },
        (_, at) => (Math.sin((at * (i + 1)) / 999) + 1) * 120,
      );
      places.push(await pack.append(await encodeCrop(rgbImage(112, 112, data))));
    }
    await pack.flush();
    await pack.close();
    const [same, other, third] = places;
    if (same === undefined || other === undefined || third === undefined) throw new Error('three crops');
    await leaksJob(
      {
        ...{ file: join(dir, 'v.f32'), width, packsDir: dir, threads: 1, nearLimit: 0.9, alikeLimit: 0.95 },
        benchmark: {
          rows: Int32Array.from(mine, (_, i) => 2 + theirs.length + i),
          people: Int32Array.from(mine, (_, i) => Math.floor(i / 3)),
        },
        version: {
          rows: Int32Array.from(theirs, (_, i) => theirs.length - i),
          people: Int32Array.from(theirs, (_, i) => Math.floor(i / 5)),
        },
      },
      {
        // Picture 9 and the version's 17 look the same; all others of the version look otherwise.
        places: async (wanted) => ({
          benchmark: wanted.benchmark.map((i) => (i === 9 ? same : third)),
          version: wanted.version.map((i) => (i === 17 ? same : other)),
        }),
        save: async (result) => {
          found = result;
        },
      },
      { signal: new AbortController().signal, progress: () => {}, log: () => {} },
    );
  }, 60_000);
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('finds each picture’s nearest', () => {
    for (const [i, vector] of mine.entries()) {
      const scores = theirs.map((row) => dot(vector, row));
      const best = scores.indexOf(Math.max(...scores));
      expect(found.nearest[i]).toBe(best);
      expect(Math.abs((found.similarity[i] ?? 0) - (scores[best] ?? 0))).toBeLessThan(1e-6);
    }
  });

  it('takes for one picture only what looks the same', () => {
    expect([...found.picture.keys()].filter((i) => found.picture[i] === 1)).toEqual([9]);
    expect(found.nearest[9]).toBe(17);
  });

  it('finds people by the mean similarity of their pictures to others’ middles', () => {
    const centres = Array.from({ length: 40 }, (_, p) =>
      unit(theirs.slice(5 * p, 5 * p + 5).reduce((sum, row) => sum.map((value, d) => value + (row[d] ?? 0)))),
    );
    for (let p = 0; p < 10; p++) {
      const means = centres.map((centre) =>
        mine.slice(3 * p, 3 * p + 3).reduce((sum, vector) => sum + dot(vector, centre) / 3, 0),
      );
      const best = means.indexOf(Math.max(...means));
      expect(found.nearestPerson[p]).toBe(best);
      expect(Math.abs((found.personSimilarity[p] ?? 0) - (means[best] ?? 0))).toBeLessThan(1e-6);
      if (p < 4) expect(best).toBe(p);
    }
    const highest = [...found.personSimilarity.slice(4)].sort((a, b) => b - a)[0] ?? 0;
    expect(found.chanceLimit).toBeGreaterThan(highest);
    expect(Math.min(...found.personSimilarity.slice(0, 4))).toBeGreaterThan(0.9);
  });
});
