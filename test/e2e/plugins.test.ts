import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, complaints, launch } from '../support/browser.ts';
import { type FakeServer, startFakeServer } from '../support/fake-app/server.ts';
import { missing } from './served.ts';

const reason = missing();
const soon = { timeout: 20_000 };

/** Somebody's own sampler and augmentation, from the agreement to the recipe, over the application in memory. */
describe.skipIf(reason !== null)(`plugins${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let server: FakeServer;
  let browser: Browser;
  let page: Page;
  let said: readonly string[];

  beforeAll(async () => {
    server = await startFakeServer({ faces: 1200 });
    browser = await launch();
    page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
    page.setDefaultTimeout(30_000);
    said = complaints(page);
    await page.goto(server.url);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('are read and agreed to under Settings, and chosen in the wizard', async () => {
    // a version and a template first
    await page.evaluate(() => {
      location.hash = '#/train?new=1';
    });
    await page.getByRole('button', { name: 'New version' }).click();
    const make = page.getByRole('button', { name: 'Make version' });
    await expect.poll(() => make.isEnabled(), soon).toBe(true);
    await make.click();
    await page.getByRole('button', { name: 'Quick look' }).click();
    await page.getByText(/^\d+ steps/).waitFor();

    // the sampler waits; the augmentation was agreed to
    await page.getByText('1 plugin of yours waits for your agreement to run: square-roots.').waitFor();
    const order = page.getByLabel('Order of the pictures');
    expect(await order.locator('option').allInnerTexts()).not.toContain('Your own');
    await page.getByLabel('Your own', { exact: true }).selectOption({ label: 'Bands' });

    await page.getByRole('link', { name: 'Read and agree' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'square-roots.sampler.ts' });
    await row.getByText('Not agreed to').waitFor();
    await row.getByRole('button', { name: 'Read square-roots' }).click();
    await row.getByText('export function plugin()').waitFor();
    await expect.poll(() => axe(page), soon).toEqual([]);
    await row.getByRole('button', { name: 'I have read it: run it' }).click();
    await row.getByText('Agreed', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Try it' }).click();
    await row.getByText('It gives 96 pictures an epoch.').waitFor();

    await page.goBack();
    await order.selectOption({ label: 'Your own' });
    expect(await page.getByLabel('Your sampler').locator('option:checked').innerText()).toBe('Square roots');
    await page.keyboard.press('Control+e');
    const recipe = page.getByRole('textbox', { name: 'Recipe' });
    const text = await recipe.inputValue();
    expect(text).toContain('"name": "plugin:square-roots@555555555555"');
    expect(text).toContain('"plugin": "plugin:bands@bbbbbbbbbbbb"');
    expect(said).toEqual([]);
  }, 120_000);
});
