import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Benchmark, BenchmarkReading } from '../../../../src/core/contract/benchmarks.ts';
import { json as jsonIn, type as typeIn } from './support.ts';

/** A table of pairs of small crops: no model is needed for that. */
describe('benchmark commands', () => {
  let root: string;
  let source: string;
  const data = (): string => join(root, 'data');
  const type = (...words: readonly string[]) => typeIn(words, data());
  const json = (...words: readonly string[]) => jsonIn(words, data());

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-cli-benchmarks-'));
    source = join(root, 'source');
    await mkdir(source);
    for (let i = 0; i < 4; i++) {
      const noise = { type: 'gaussian', mean: 100 + 20 * i, sigma: 20 } as const;
      const create = { width: 112, height: 112, channels: 3, background: '#000', noise } as const;
      await sharp({ create })
        .png()
        .toFile(join(source, `${i}.png`));
    }
    await writeFile(
      join(source, 'tall.png'),
      await sharp({ create: { width: 96, height: 112, channels: 3, background: '#123' } })
        .png()
        .toBuffer(),
    );
    await writeFile(
      join(source, 'mine.csv'),
      'a,b,same\n0.png,1.png,yes\n1.png,2.png,no\n2.png,tall.png,no\n3.png,0.png,no\n',
    );
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('read, show, write and remove one', { timeout: 120_000 }, async () => {
    expect((await type('benchmark', 'list')).out).toMatch(/No benchmarks yet/);
    const { value: readings }: { value: readonly BenchmarkReading[] } = await json(
      'benchmark',
      'recognise',
      source,
    );
    expect(readings[0]).toMatchObject({ format: 'table', images: 5, pairs: 4, usable: true });
    const seen = await type('benchmark', 'recognise', source);
    expect([seen.code, seen.out]).toEqual([0, expect.stringMatching(/table: .*\n {2}5 pictures, 4 pairs/)]);

    const read = await type('benchmark', 'import', source, '--name', 'Mine', '--pictures', 'aligned');
    expect(read.code, read.err.join('\n')).toBe(0);
    expect(read.out).toMatch(/1 can’t be scored, for 1 pictures? ha(s|ve) no crop/);
    const { value: shown }: { value: Benchmark } = await json('benchmark', 'show', 'Mine');
    expect(shown).toMatchObject({
      name: 'Mine',
      images: 5,
      problems: 1,
      pairs: 4,
      samePairs: 1,
      lostPairs: 1,
    });
    expect((await type('benchmark', 'show', shown.hash?.slice(0, 8) ?? '')).out).toContain(
      'Mine: A table of pairs',
    );
    expect((await type('benchmark', 'list')).out).toMatch(/name +kind +hash.*\nMine +verification/);

    const bin = join(root, 'mine.bin');
    const { value: written } = await json('benchmark', 'export', 'Mine', bin);
    expect(written).toEqual({ path: bin, pairs: 3, images: 6 });
    expect((await stat(bin)).size).toBeGreaterThan(1000);

    expect((await type('benchmark', 'remove', 'Mine')).out).toBe('Mine is forgotten.');
    const gone = await type('benchmark', 'show', 'Mine');
    expect(gone.code).toBe(1);
    expect(gone.err.join('\n')).toMatch(/There is no benchmark Mine. There are none yet/);
  });

  it('say what is wrong', async () => {
    const nothing = await type('benchmark', 'recognise', join(source, '0.png'));
    expect(nothing.code).toBe(1);
    const wrong = await type('benchmark', 'import', source, '--pictures', 'round');
    expect([wrong.code, wrong.err.join('\n')]).toEqual([2, expect.stringMatching(/aligned or detect/)]);
    expect((await type('benchmark', 'build', 'nowhere')).err.join('\n')).toMatch(/no version|nowhere/);
  });
});
