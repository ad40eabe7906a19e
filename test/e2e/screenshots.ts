import type { Page } from 'playwright';
import { portraits } from '../support/portraits.ts';
import { serveApp } from './served.ts';
import { shootPage } from './shoot.ts';

/**
 * `node test/e2e/screenshots.ts [train]`: the README's pictures, of the built application with generated people; only
 * those whose names begin so. The runs in them are real ones, of a minute or two; the sample project's are taken by
 * screenshots-sample.ts.
 */
const wanted = process.argv[2] ?? '';
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
const seeds = [118, 23, 28, 72, 30, 51, 55, 13, 90, 7, 33, 140];
const people = names.map((name, index) => ({ name, seed: seeds[index] ?? index }));
const folder = await portraits(4, people);
const context = { signal: new AbortController().signal, progress: () => {} };

const served = await serveApp();
const { handlers } = served.app;
const imported = await handlers['datasets.import'](
  { paths: [folder], name: 'Summer party', kind: 'flat', copy: false, aligned: false },
  context,
);
const align = await handlers['align.start'](
  { dataset: imported.dataset, detector: null, solver: 'umeyama', minFace: null, again: false },
  context,
);
const embed = await handlers['embed.start']({ datasets: null, model: null, after: align.id }, context);
const group = await handlers['cluster.start'](
  { datasets: null, model: null, threshold: 0.62, after: embed.id },
  context,
);
await handlers['jobs.wait']({ job: group.id }, context);

async function shoot(page: Page, name: string): Promise<void> {
  if (name.startsWith(wanted)) await shootPage(page, name);
}
const show = (page: Page, view: string): Promise<unknown> =>
  page.goto(`${served.url.split('#')[0]}#/${view}`);
const dark = (await served.open({ scheme: 'dark' })).page;
await show(dark, 'people');
await dark.getByRole('article').first().waitFor();
await shoot(dark, 'people-dark');

// Groups get the names that their files bear.
const clusters = await handlers['clusters.page']({ show: 'all', minSize: 2, offset: 0, limit: 100 }, context);
for (const { id, covers } of clusters.items) {
  const face = await handlers['faces.get']({ face: covers[0]?.face ?? 0 }, context);
  await handlers['people.name']({ cluster: id, name: face.file.split('/')[0] ?? '' }, context);
}
const light = (await served.open()).page;
await show(light, `align?dataset=${imported.dataset}`);
await shoot(light, 'align');
await light.getByRole('gridcell').nth(6).dblclick();
await light.getByRole('figure', { name: 'after' }).waitFor();
await light.keyboard.press('3');
await light.keyboard.press('ArrowRight');
await shoot(light, 'points');
await light.getByRole('button', { name: 'Revert' }).click();
await show(light, 'gallery');
await shoot(light, 'gallery');
await light.getByRole('gridcell').nth(9).click();
await light.keyboard.press('s');
await light.getByRole('tabpanel').getByRole('listitem').first().waitFor();
await shoot(light, 'search');

// Training: the wizard as a user fills it in, a run, and the same with a lower rate over it.
const version = await handlers['versions.create'](
  { datasets: [imported.dataset], name: 'Summer party', minQuality: 0 },
  context,
);
const template = await handlers['training.template'](
  { template: 'quick-look', version: version.hash },
  context,
);
const recipe = {
  ...template,
  network: { ...template.network, size: 64 },
  epochs: 60,
  schedule: { ...template.schedule, warmUp: { epochs: 4, from: 0 } },
  validation: { ...template.validation, everyEpochs: 4 },
};
async function train(name: string, rate: number): Promise<number> {
  const run = await handlers['runs.start'](
    { recipe: { ...recipe, schedule: { ...recipe.schedule, rate } }, name },
    context,
  );
  await handlers['jobs.wait']({ job: run.job?.id ?? 0 }, context);
  return run.id;
}
await show(light, `train?new=1&version=${version.id}`);
await light.getByRole('button', { name: 'Quick look' }).click();
await light.getByText(/^\d+ steps/).waitFor();
await light.getByRole('button', { name: 'Head and loss' }).click();
await shoot(light, 'train-wizard');
const runs = [
  await train('Quick look', recipe.schedule.rate),
  await train('A fifth of the rate', recipe.schedule.rate / 5),
];
await show(dark, `train?run=${runs[0]}`);
await dark.getByText('Trained to the end of its schedule.').waitFor();
await shoot(dark, 'train-run');
await show(light, `train?compare=${runs.join()}`);
await light.getByRole('region', { name: 'Final figures' }).waitFor();
await shoot(light, 'train-compare');
await served.close();
