import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Benchmark } from '../../../src/core/contract/benchmarks.ts';
import { benchmarkPhotoPath, cropPath } from '../../../src/core/contract/media.ts';
import { dataFiles, haveModels } from '../../support/app.ts';
import { cast, portraits } from '../../support/portraits.ts';
import { tinyRecipe } from '../../support/trained.ts';
import { openBench } from './support.ts';

const [ada, bram, carla] = cast.map(({ name }) => name) as [string, string, string];

/** Portraits of five people as benchmarks, through the whole application. */
describe.skipIf(!haveModels)('benchmarks in the application', () => {
  const bench = openBench();
  const { call } = bench;
  let version: number;
  let dataset: number;
  let built: Benchmark;

  beforeAll(async () => {
    await call('settings.set', { threads: 1 });
    ({ dataset } = await bench.aligned('Cast', [await portraits(4)]));
    version = (await call('versions.create', { datasets: [dataset] })).id;
    built = await call('benchmarks.build', { version, name: 'Built', pairs: 24, folds: 2 });
  }, 240_000);

  const read = async (path: string, wish: object = {}): Promise<Benchmark> => {
    const { benchmark, job } = await call('benchmarks.import', { path, ...wish });
    await bench.test.done(job);
    return await call('benchmarks.get', { benchmark });
  };
  const imagesOf = async ({ id }: Benchmark) => (await call('benchmarks.images', { benchmark: id })).items;

  it('are built of a version', async () => {
    expect(built).toMatchObject({
      ...{ kind: 'verification', format: 'version', pairs: 24, samePairs: 12, lostPairs: 0, folds: 2 },
      ...{ problems: 0, people: 5, marked: 0, alignment: 'aligned', job: null },
    });
    const again = await call('benchmarks.build', { version, pairs: 24, folds: 2 });
    expect(again).toMatchObject({ hash: built.hash, name: 'Cast' });
    const other = await call('benchmarks.build', { version, pairs: 24, folds: 2, seed: 9 });
    expect(other.hash).not.toBe(built.hash);
    for (const { id } of [again, other]) await call('benchmarks.remove', { benchmark: id });
    const [image] = await imagesOf(built);
    expect(image).toMatchObject({ index: 0, original: true, problem: null });
    expect(image?.quality?.overall).toBeGreaterThan(0);
    const photo = await bench.test.get(benchmarkPhotoPath(built.id, 0, 64));
    expect((await sharp(photo.body as Uint8Array).metadata()).width).toBe(64);
    expect((await bench.test.get(benchmarkPhotoPath(built.id, 999))).status).toBe(404);
    await expect(call('benchmarks.build', { version, pairs: 6000 })).rejects.toThrow(/10 folds/);
    await expect(call('benchmarks.build', { version, pairs: 6000, folds: 2 })).rejects.toThrow(
      /at most \d+ can/,
    );
    await expect(call('benchmarks.build', { version, name: 'Built', pairs: 4, folds: 2 })).rejects.toThrow(
      /already/,
    );
  });

  it('are read from a table of photographs; what has no face is told and leaves its pairs out', {
    timeout: 120_000,
  }, async () => {
    const grey = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    const jpeg = await readFile(bench.portrait(ada, 1));
    const folder = await bench.folderOf('table', {
      'a1.jpg': bench.portrait(ada, 1),
      'a2.jpg': bench.portrait(ada, 2),
      'b1.jpg': bench.portrait(bram, 1),
      'grey.png': grey,
      'c1.jpg': bench.portrait(carla, 1),
      'cut.jpg': jpeg.subarray(0, 3000),
      'pairs.csv': Buffer.from(
        'first,second,same,fold\na1.jpg,a2.jpg,1,1\na1.jpg,b1.jpg,0,1\na2.jpg,grey.png,0,2\ncut.jpg,b1.jpg,0,2\nb1.jpg,c1.jpg,0,2\n',
      ),
    });
    const readings = await call('benchmarks.recognise', { path: folder });
    expect(readings[0]).toMatchObject({
      kind: 'verification',
      images: 6,
      pairs: 5,
      folds: 2,
      alignment: 'detect',
      usable: true,
    });
    const made = await read(folder, { name: 'Table' });
    expect(made).toMatchObject({
      images: 6,
      problems: 2,
      pairs: 5,
      samePairs: 1,
      lostPairs: 2,
      folds: 2,
      alignment: 'detect',
    });
    expect(made.hash).toMatch(/^[0-9a-f]{64}$/);
    const images = await imagesOf(made);
    const crops = new Map(images.map(({ key, crop }) => [key, crop]));
    const faces = await bench.facesOf(dataset);
    for (const [key, file] of [
      ['a1.jpg', `${ada}/${ada} 1.jpg`],
      ['b1.jpg', `${bram}/${bram} 1.jpg`],
    ] as const) {
      const face = faces.find((one) => one.file.endsWith(file));
      expect(crops.get(key)).toBe(face?.crop); // the same detector, the same crop: embedded once
    }
    const problems = await call('benchmarks.images', { benchmark: made.id, show: 'problems' });
    expect(problems.items.map(({ key, problem }) => [key, problem?.code]).sort()).toEqual([
      ['cut.jpg', 'image/truncated'],
      ['grey.png', 'benchmark/no-face'],
    ]);
    await expect(call('benchmarks.import', { path: join(folder, 'a1.jpg') })).rejects.toThrow(
      /no benchmark|cannot be read/,
    );
    await expect(call('benchmarks.import', { path: folder, name: 'Table' })).rejects.toThrow(/already/);
  });

  it('are written and read again, as a folder and as a .bin', { timeout: 60_000 }, async () => {
    const folder = join(bench.root, 'out');
    const written = await call('benchmarks.export', { benchmark: built.id, path: folder, format: 'folder' });
    expect(written).toEqual({ path: folder, pairs: 24, images: built.images });
    const again = await read(folder, { name: 'Again' });
    expect(again).toMatchObject({
      alignment: 'aligned',
      pairs: 24,
      samePairs: 12,
      folds: 2,
      people: 5,
      problems: 0,
    });
    const sorted = async (benchmark: Benchmark) => (await imagesOf(benchmark)).map(({ crop }) => crop).sort();
    expect(await sorted(again)).toEqual(await sorted(built));

    const bin = join(bench.root, 'built.bin');
    await call('benchmarks.export', { benchmark: built.id, path: bin });
    const packed = await read(bin, { name: 'Packed' });
    expect(packed).toMatchObject({ alignment: 'aligned', images: 48, pairs: 24, samePairs: 12, problems: 0 });
    expect(new Set(await sorted(packed))).toEqual(new Set(await sorted(built)));
    expect((await imagesOf(packed)).map(({ original }) => original)).not.toContain(true);
  });

  it('go on where they were stopped', { timeout: 60_000 }, async () => {
    const { benchmark, job } = await call('benchmarks.import', {
      path: join(bench.root, 'out'),
      name: 'Stopped',
    });
    await call('jobs.cancel', { job: job.id });
    await call('jobs.wait', { job: job.id });
    const stopped = await call('benchmarks.get', { benchmark });
    expect(stopped).toMatchObject({ hash: null, job: { state: 'cancelled', canContinue: true } });
    await expect(call('benchmarks.alignment', { benchmark })).rejects.toThrow(/not read to its end/);
    await bench.test.done(call('jobs.continue', { job: job.id }));
    const done = await call('benchmarks.get', { benchmark });
    expect(done.hash).toBe((await call('benchmarks.find', { name: 'Again' })).hash);
    expect(done.job).toBeNull();
  });

  it('tell whether crops lie on the template', { timeout: 120_000 }, async () => {
    const good = await call('benchmarks.alignment', { benchmark: built.id, pictures: 6 });
    expect(good).toMatchObject({ verdict: 'fits', looked: 6 });
    expect(Math.abs(good.scale - 1)).toBeLessThan(0.06);
    // The same crops with a margin, as other programs cut them.
    const files: Record<string, Uint8Array | string> = {};
    const [first, second, third] = await imagesOf(built);
    for (const [i, image] of [first, second, third].entries()) {
      const { body } = await bench.test.get(cropPath(image?.crop ?? ''));
      const small = await sharp(body as Uint8Array)
        .resize(80, 80)
        .toBuffer();
      const margin = { top: 24, bottom: 8, left: 16, right: 16, background: '#777' };
      files[`${i}.png`] = await sharp(small).extend(margin).png().toBuffer();
    }
    files['pairs.csv'] = Buffer.from('a,b,same\n0.png,1.png,0\n1.png,2.png,0\n0.png,2.png,1\n');
    const off = await read(await bench.folderOf('margin', files), { name: 'Margin' });
    const check = await call('benchmarks.alignment', { benchmark: off.id });
    expect(check.verdict).toBe('off');
    expect(check.scale).toBeGreaterThan(0.6);
    expect(check.scale).toBeLessThan(0.83);
    expect(check.advice).toMatch(/too small/);
  });

  it('share pictures and people with versions, which are found without their names', {
    timeout: 180_000,
  }, async () => {
    const whole = await call('evaluations.leaks', { benchmark: built.id, version });
    expect(whole).toMatchObject({ pictures: built.images, people: 5, pairs: 24, version: { id: version } });
    // Other pictures of Ada, and one of Carla's again in another quality.
    const blurred = await sharp(bench.portrait(carla, 1))
      .resize(260)
      .modulate({ brightness: 1.1 })
      .jpeg({ quality: 60 })
      .toBuffer();
    const { dataset: others } = await bench.aligned('Others', [
      await bench.folderOf('others', {
        '001/1.jpg': bench.portrait(ada, 3),
        '001/2.jpg': bench.portrait(ada, 4),
        '002/1.jpg': blurred,
      }),
    ]);
    const other = await call('versions.create', { datasets: [others] });
    const few = await call('benchmarks.find', { name: 'Table' });
    const found = await call('evaluations.leaks', { benchmark: few.id, version: other.id });
    expect(found).toMatchObject({ pictures: 1, people: 2, pairs: 4, benchmark: few.id });
    const told = new Map(found?.nearest.map(({ image, same }) => [image, same]));
    const keys = new Map((await imagesOf(few)).map(({ key, index }) => [key, index]));
    expect(told.get(keys.get('c1.jpg') ?? -1)).toBe('picture');
    expect(told.get(keys.get('a1.jpg') ?? -1)).toBe('person');
    expect(told.has(keys.get('b1.jpg') ?? -1)).toBe(false);
    const again = await call('evaluations.leaks', { benchmark: few.id, version: other.id });
    expect(again).toEqual(found);
  });

  it('have pairs marked, and that undone', async () => {
    const marked = async () => (await call('benchmarks.get', { benchmark: built.id })).marked;
    await call('evaluations.mark', { benchmark: built.id, pairs: [3, 4], marked: true });
    expect(await marked()).toBe(2);
    await call('journal.undo', {});
    expect(await marked()).toBe(0);
    await expect(
      call('evaluations.mark', { benchmark: built.id, pairs: [24], marked: true }),
    ).rejects.toThrow(/no pair 24/);
  });

  it('are what a run is verified on', { timeout: 120_000 }, async () => {
    const named = { benchmarks: ['Built'], pairs: 20, everyEpochs: 1 };
    const recipe = tinyRecipe('Cast', 2, { validation: named });
    const checked = await call('training.check', { recipe });
    expect(checked.problems).toEqual([]);
    const gone = await call('training.check', {
      recipe: tinyRecipe('Cast', 2, { validation: { benchmarks: ['gone'] } }),
    });
    expect(gone.problems).toMatchObject([{ path: 'validation.benchmarks' }]);
    const run = await call('runs.start', { recipe, name: 'Verified' });
    const detail = await call('runs.get', { run: run.id });
    expect(detail.recipe.validation.benchmarks).toEqual([built.hash]);
    await expect(call('benchmarks.remove', { benchmark: built.id })).rejects.toMatchObject({
      code: 'benchmark/in-training',
    });
    if (run.job !== null) await bench.test.done(run.job);
    const evaluations = await call('runs.evaluations', { run: run.id });
    expect(new Set(evaluations.map(({ set }) => set))).toEqual(new Set(['held-out', 'Built']));
    const last = evaluations.findLast(({ set }) => set === 'Built');
    expect(last?.pairs).toBe(24);
  });

  it('are renamed and found', async () => {
    await call('benchmarks.rename', { benchmark: built.id, name: 'Cast of five' });
    expect((await call('benchmarks.find', { name: built.hash?.slice(0, 10) ?? '' })).id).toBe(built.id);
    await expect(call('benchmarks.rename', { benchmark: built.id, name: 'Table' })).rejects.toThrow(
      /already/,
    );
    await expect(call('benchmarks.find', { name: 'nowhere' })).rejects.toThrow(
      /There is no benchmark nowhere/,
    );
  });

  it('free what only they used when they are removed', { timeout: 60_000 }, async () => {
    const [margin, again] = [
      await call('benchmarks.find', { name: 'Margin' }),
      await call('benchmarks.find', { name: 'Again' }),
    ];
    const [own] = await imagesOf(margin);
    const [shared] = await imagesOf(again);
    const stored = (): boolean =>
      [...dataFiles(join(bench.root, 'data')).values()].some((file) => file.includes(bytes));
    const bytes = Buffer.from((await bench.test.get(cropPath(own?.crop ?? ''))).body as Uint8Array);
    expect(stored()).toBe(true);
    await call('benchmarks.remove', { benchmark: margin.id });
    expect(stored()).toBe(false);
    expect((await bench.test.get(cropPath(own?.crop ?? ''))).status).toBe(404);
    await call('benchmarks.remove', { benchmark: again.id });
    expect((await bench.test.get(cropPath(shared?.crop ?? ''))).status).toBe(200); // the dataset's, too
    expect(existsSync(join(bench.root, 'out', 'pairs.csv'))).toBe(true);
    expect((await call('benchmarks.list', {})).map(({ name }) => name)).not.toContain('Margin');
  });

  it('lose what was drawn from a dataset that is erased, and keep what they read themselves', {
    timeout: 60_000,
  }, async () => {
    const packed = await call('benchmarks.find', { name: 'Packed' });
    await call('datasets.remove', { dataset });
    await call('datasets.erase', { dataset });
    const gone = await call('benchmarks.get', { benchmark: built.id });
    expect(gone).toMatchObject({ problems: built.images, lostPairs: 24, people: null });
    expect(gone.hash).not.toBe(built.hash);
    expect(
      (await imagesOf(gone)).every(
        ({ crop, problem }) => crop === null && problem?.code === 'benchmark/erased',
      ),
    ).toBe(true);
    expect((await call('benchmarks.get', { benchmark: packed.id })).hash).toBe(packed.hash);
    const [crop] = await imagesOf(packed);
    expect((await bench.test.get(cropPath(crop?.crop ?? ''))).status).toBe(200);
  });
});
