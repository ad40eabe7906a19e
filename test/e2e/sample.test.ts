import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../src/core/contract/api.ts';
import { axe } from '../support/browser.ts';
import { missing, type Served, serveApp } from './served.ts';

const reason = missing();
const noContext = { signal: new AbortController().signal, progress: () => {} };
/** So small that it is over in seconds; what a click starts is bigger. */
const small = api['sample.start'].input.parse({
  size: {
    ...{ identities: 3, picturesEach: 3, groups: 1 },
    ...{ cropIdentities: 6, cropsEach: 4, steps: 3, side: 32 },
  },
});

describe.skipIf(reason !== null)(
  `the sample project in a browser${reason === null ? '' : ` (${reason})`}`,
  () => {
    let served: Served;
    let page: Page;
    let complaints: readonly string[];

    beforeAll(async () => {
      served = await serveApp();
      await served.app.handlers['settings.set']({ threads: 1 }, noContext);
      ({ page, complaints } = await served.open());
    }, 120_000);
    afterAll(() => served?.close());

    it('goes from nothing to a search in two clicks', { timeout: 600_000 }, async () => {
      const open = page.getByRole('button', { name: 'Open the sample project' });
      await open.waitFor();
      // Started here, it has the small size; the click goes on with it.
      await served.app.handlers['sample.start'](small, noContext);
      await served.app.handlers['sample.stop']({}, noContext);
      await open.click();
      await page.getByRole('heading', { name: 'Sample project', level: 1 }).waitFor();
      const search = page.getByRole('button', { name: 'Open the search' });
      await search.waitFor({ timeout: 500_000 });
      // Once it has settled: a button between disabled and enabled is neither to axe.
      await expect.poll(() => axe(page), { timeout: 20_000 }).toEqual([]);
      await search.click();
      await page.locator('#search-results img').nth(1).waitFor();
      const sample = await served.app.handlers['sample.get']({}, noContext);
      expect([sample.state, sample.findings.training?.steps]).toEqual(['done', 3]);
      expect(complaints).toEqual([]);
    });
  },
);
