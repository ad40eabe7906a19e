import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { portraits } from '../support/portraits.ts';
import { serveApp } from './served.ts';
import { shootPage } from './shoot.ts';

/**
 * `node test/e2e/screenshots-evaluate.ts`: the README's pictures of measured networks, on a benchmark of generated people.
 * Both built-in networks are measured, and the two together; the times in the pictures are this machine's.
 */
const seeds = [118, 23, 28, 72, 30, 51, 55, 13, 90, 7, 33, 140];
const names = [
  'Ada',
  'Bram',
  'Carla',
  'Dmitri',
  'Edda',
  'Farid',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Kira',
  'Leo',
];
const people = names.map((name, index) => ({ name, seed: seeds[index] ?? index }));
const context = { signal: new AbortController().signal, progress: () => {} };

const served = await serveApp();
const { handlers } = served.app;
const done = async (job: number): Promise<void> => {
  const { state, error } = await handlers['jobs.wait']({ job }, context);
  if (state !== 'done') throw new Error(`job ${job} is ${state}: ${error?.message ?? ''}`);
};

/** Pairs of the people of a folder that has one for each. */
async function benchmarkOf(folder: string, name: string): Promise<number> {
  const { dataset } = await handlers['datasets.import'](
    { paths: [folder], name, kind: 'identities', copy: false, aligned: false },
    context,
  );
  const align = await handlers['align.start'](
    { dataset, detector: null, solver: 'umeyama', minFace: null, again: false },
    context,
  );
  await done(align.id);
  const version = await handlers['versions.create']({ datasets: [dataset], name, minQuality: 0 }, context);
  const wish = { version: version.id, name, pairs: 96, folds: 4, seed: 0 };
  return (await handlers['benchmarks.build'](wish, context)).id;
}

const sharpFaces = await portraits(4, people);
// The same, as a poor camera from afar would have taken them.
const blurredFaces = await mkdtemp(join(tmpdir(), 'lineament-blurred-'));
for (const { name } of people) {
  await mkdir(join(blurredFaces, name));
  for (const file of await readdir(join(sharpFaces, name))) {
    const small = await sharp(join(sharpFaces, name, file))
      .resize(50)
      .jpeg({ quality: 40 })
      .toBuffer();
    await sharp(small)
      .resize(320)
      .jpeg()
      .toFile(join(blurredFaces, name, file));
  }
}
const benchmarks = [
  await benchmarkOf(sharpFaces, 'Drawn people'),
  await benchmarkOf(blurredFaces, 'Drawn, blurred'),
];
const models = ['faceplugin-512', 'mobilefacenet-192'];
const measured = await handlers['evaluations.start'](
  {
    ...{ models, runs: [], files: [], ensembles: [models], benchmarks },
    ...{ protocols: ['evolve', 'facex', 'standard'], flip: false, leaks: 'ignore', trainedOn: null },
    ...{ resamples: 1000, seed: 0, again: false },
  },
  context,
);
await done(measured.id);
const [, blurred = 0] = benchmarks;
const map = await handlers['maps.start'](
  {
    ...{ scope: { benchmark: blurred }, models, method: 'tsne', people: 12, each: 50 },
    ...{ neighbours: 6, epochs: 500, seed: 0, names: [] },
  },
  context,
);
await done(map.id);

const show = (page: Page, address: string): Promise<unknown> =>
  page.goto(`${served.url.split('#')[0]}#/evaluate${address}`);
const results = await handlers['evaluations.list']({ benchmark: null, all: false }, context);
const light = (await served.open({ width: 1440 })).page;
const dark = (await served.open({ scheme: 'dark' })).page;

await show(light, '');
await light.getByRole('button', { name: 'Side by side', exact: true }).click();
await light
  .getByRole('gridcell', { name: /^Drawn, blurred, Standard: / })
  .first()
  .click();
await shootPage(light, 'screenshots/evaluate-results');

const shown = results
  .filter(({ protocol, benchmark }) => protocol === 'standard' && benchmark.id === blurred)
  .map(({ id }) => id);
await show(dark, `?compare=${shown.join()}`);
await dark.getByRole('region', { name: 'Wrong pairs', exact: true }).waitFor();
// A tenth, the last of them: so few pairs tell no smaller rate well.
await dark.getByRole('group', { name: 'False accept rates', exact: true }).getByRole('button').last().click();
await shootPage(dark, 'screenshots/evaluate-curves');

await show(light, `?map=1&job=${map.id}`);
await light.getByRole('list', { name: 'People', exact: true }).waitFor();
await shootPage(light, 'screenshots/evaluate-map');
await served.close();
await rm(blurredFaces, { recursive: true });
