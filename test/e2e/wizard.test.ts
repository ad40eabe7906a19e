import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, complaints, launch } from '../support/browser.ts';
import { type FakeServer, startFakeServer } from '../support/fake-app/server.ts';
import { missing } from './served.ts';

const reason = missing();
/** For what a page shows only after an answer has come; machines that test everything at once are slow. */
const soon = { timeout: 20_000 };

/** The wizard in a real browser, over the application in memory. */
describe.skipIf(reason !== null)(`the wizard${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let server: FakeServer;
  let browser: Browser;
  let page: Page;
  let said: readonly string[];

  beforeAll(async () => {
    server = await startFakeServer({ faces: 1200 });
    browser = await launch();
    const context = await browser.newContext({
      viewport: { width: 480, height: 860 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    said = complaints(page);
    await page.goto(server.url);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const here = (): Promise<string> => page.locator('[aria-current="step"]').innerText();

  it('leads to a run by the keyboard alone, in a narrow window, and says so to everybody', async () => {
    const { keyboard } = page;
    await page.evaluate(() => {
      location.hash = '#/train?new=1';
    });
    await page.getByRole('button', { name: 'New version' }).focus();
    await keyboard.press('Enter');
    const make = page.getByRole('button', { name: 'Make version' });
    await expect.poll(() => make.isEnabled(), soon).toBe(true);
    await page.getByRole('textbox', { name: 'Name' }).focus();
    await keyboard.type('March');
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Quick look' }).focus();
    await keyboard.press('Enter');
    await page.getByText(/^\d+ steps/).waitFor();
    for (const title of ['Data', 'Network', 'Head and loss', 'Schedule', 'Review']) {
      await expect.poll(here, soon).toContain(title);
      // Once it has settled: a button between disabled and enabled is neither to axe.
      await expect.poll(() => axe(page), { ...soon, message: title }).toEqual([]);
      if (title !== 'Review') await keyboard.press('Control+Enter');
    }
    await keyboard.press('Control+e');
    const recipe = page.getByRole('textbox', { name: 'Recipe' });
    await expect.poll(() => recipe.inputValue(), soon).toContain('"embedding": 128');
    await expect.poll(() => axe(page), soon).toEqual([]);
    await keyboard.press('Control+e');
    await keyboard.press('Control+Enter');
    await page.waitForURL(/#\/train\?run=\d+/);
    const run = [...server.app.world.runs.values()].at(-1);
    expect(run?.recipe.network.embedding).toBe(128);
    expect(run?.version.name).toBe('March');
  });

  it('draws crops as training sees them: changed by the settings, and by nothing else', async () => {
    await page.evaluate(() => {
      location.hash = '#/train?new=1';
    });
    await page.getByRole('radio', { name: 'March' }).check();
    await page.getByRole('button', { name: 'Quick look' }).click();
    const row = page.getByRole('img', { name: 'Crops as training would see them' }).locator('canvas');
    const pixels = (n: number): Promise<string> =>
      row.nth(n).evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''));
    const flip = page.getByRole('textbox', { name: 'Flip' });
    await flip.fill('0');
    // Without a change every picture of a person is the same.
    await expect.poll(async () => (await pixels(0)) === (await pixels(1)), soon).toBe(true);
    expect(await pixels(0)).not.toBe(await pixels(5));
    const straight = await pixels(0);
    await flip.fill('1');
    await expect.poll(() => pixels(0), soon).not.toBe(straight);
    await flip.fill('0');
    await expect.poll(() => pixels(0), soon).toBe(straight);
    await page.getByRole('textbox', { name: 'Brightness' }).fill('0.4');
    await expect.poll(async () => (await pixels(0)) === (await pixels(1)), soon).toBe(false);
  });

  it('has nothing to complain about', () => {
    expect(said).toEqual([]);
  });
});
