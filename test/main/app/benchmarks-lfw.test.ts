import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Benchmark } from '../../../src/core/contract/benchmarks.ts';
import { haveModels } from '../../support/app.ts';
import { openBench } from './support.ts';

const lfw = fileURLToPath(new URL('../../../../shared/data/lfw-158', import.meta.url));
const have = haveModels && existsSync(lfw);

/** Photographs of a few people as LFW has them, with a pairs.txt of two folds. Skipped where they are not at hand. */
describe.skipIf(!have)('a part of LFW', () => {
  const bench = openBench();
  const { call } = bench;
  let made: Benchmark;

  beforeAll(async () => {
    await call('settings.set', { threads: 1 });
    const root = join(bench.root, 'lfw');
    const people = readdirSync(lfw).sort().slice(0, 4);
    for (const name of people) {
      await mkdir(join(root, name), { recursive: true });
      for (const n of [1, 2]) {
        const file = `${name}_${String(n).padStart(4, '0')}.jpg`;
        await cp(join(lfw, name, file), join(root, name, file));
      }
    }
    const [a, b, c, d] = people;
    const lines = ['2\t1', `${a}\t1\t2`, `${a}\t1\t${b}\t1`, `${c}\t1\t2`, `${c}\t2\t${d}\t1`];
    await writeFile(join(root, 'pairs.txt'), `${lines.join('\n')}\n`);
    const { benchmark, job } = await call('benchmarks.import', { path: root, name: 'Part of LFW' });
    await bench.test.done(job);
    made = await call('benchmarks.get', { benchmark });
  }, 240_000);

  it('is read as what it is; everybody is found in the middle', async () => {
    expect(made).toMatchObject({
      format: 'lfw',
      alignment: 'detect',
      pairs: 4,
      samePairs: 2,
      folds: 2,
      people: 4,
    });
    expect(made).toMatchObject({ images: 6, problems: 0, lostPairs: 0 });
    const { items } = await call('benchmarks.images', { benchmark: made.id });
    for (const { quality, original } of items) {
      expect(original).toBe(true);
      expect(quality?.overall).toBeGreaterThan(0.3);
    }
  });

  it('lies on the template', { timeout: 120_000 }, async () => {
    const check = await call('benchmarks.alignment', { benchmark: made.id });
    expect(check).toMatchObject({ verdict: 'fits', looked: 6 });
  });
});
