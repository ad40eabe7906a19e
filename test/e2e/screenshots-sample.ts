import { setTimeout as sleep } from 'node:timers/promises';
import type { Sample } from '../../src/core/contract/sample.ts';
import { serveApp } from './served.ts';
import { shootPage } from './shoot.ts';

/**
 * `node test/e2e/screenshots-sample.ts`: the README's pictures of the sample project and of its report. It runs whole;
 * the times in the pictures are this machine's, so let it do nothing else meanwhile.
 */
const context = { signal: new AbortController().signal, progress: () => {} };
const served = await serveApp();
const { handlers } = served.app;

/** Waits for the sample project to be as far as that. */
async function reached(enough: (sample: Sample) => boolean): Promise<void> {
  for (;;) {
    const sample = await handlers['sample.get']({}, context);
    if (enough(sample)) return;
    if (sample.state === 'failed' || sample.state === 'done')
      throw new Error(
        `The sample project is ${sample.state}: ${sample.error?.message ?? 'nothing to wait for'}`,
      );
    await sleep(500);
  }
}

const { page } = await served.open();
await page.getByRole('button', { name: 'Open the sample project' }).click();
await page.getByRole('button', { name: 'Stop' }).waitFor();
await reached(({ steps }) => {
  const training = steps.find(({ name }) => name === 'train');
  return training?.state === 'running' && training.done > 0.7 * (training.total ?? Number.POSITIVE_INFINITY);
});
await shootPage(page, 'sample-training');
await reached(({ state }) => state === 'done');
const dark = await served.open({ scheme: 'dark' });
await dark.page.goto(`${served.url.split('#')[0]}#/datasets?sample=1`);
await dark.page.getByRole('button', { name: 'Open the search' }).waitFor();
await shootPage(dark.page, 'sample');
const { html } = await handlers['sample.report']({}, context);
// A page of its own: the application's page allows no style but its own.
const paper = await served.browser.newPage({ viewport: { width: 1040, height: 860 } });
await paper.setContent(html);
await shootPage(paper, 'sample-report', true);
await served.close();
