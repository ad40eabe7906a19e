import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faceFilter } from '../../src/core/contract/faces.ts';
import { axe } from '../support/browser.ts';
import { cast, portraits } from '../support/portraits.ts';
import { missing, type Served, serveApp } from './served.ts';

const reason = missing();
const perPerson = 4;
const photographs = cast.length * perPerson;

/** For what a page shows only after an answer has come. */
const patience = { timeout: 20_000 };

/** Once what is shown has settled: a button between disabled and enabled is neither to axe. */
async function expectAccessible(page: Page, where = ''): Promise<void> {
  await expect.poll(() => axe(page), { ...patience, message: where }).toEqual([]);
}

const noContext = { signal: new AbortController().signal, progress: () => {} };
const allFaces = { ...faceFilter.parse({}), offset: 0, limit: 10 };

describe.skipIf(reason !== null)(
  `a user's five steps in a browser${reason === null ? '' : ` (${reason})`}`,
  () => {
    let served: Served;
    let page: Page;
    let complaints: readonly string[];
    let folder: string;

    const jobs = (active: boolean) => served.app.handlers['jobs.list']({ active }, noContext);
    /**
     * Does what starts a job and waits until it has ended and the page says so. The page alone cannot tell: between
     * a click and the job that it starts, no job is running either.
     */
    async function job(on: Page, starts: () => Promise<void>): Promise<void> {
      const before = (await jobs(false)).length;
      await starts();
      await expect
        .poll(async () => (await jobs(false)).length > before && (await jobs(true)).length === 0, {
          timeout: 120_000,
        })
        .toBe(true);
      await on.getByText('No job is running').waitFor();
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lineament-cast-'));
      await cp(await portraits(perPerson), folder, { recursive: true });
      // What every real folder has: a picture that was cut off, and something that is no picture.
      const [first = ''] = await readdir(join(folder, cast[0].name));
      const whole = await readFile(join(folder, cast[0].name, first));
      await writeFile(join(folder, 'cut off.jpg'), whole);
      await truncate(join(folder, 'cut off.jpg'), whole.length >> 1);
      await writeFile(join(folder, 'empty.jpg'), '');
      served = await serveApp();
      ({ page, complaints } = await served.open());
    }, 240_000);

    afterAll(async () => {
      await served?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('imports a folder and lists what could not be read', async () => {
      await page.getByRole('button', { name: 'Import photographs' }).first().click();
      await page.getByRole('button', { name: 'Browse on the application’s machine' }).click();
      await page.getByLabel('Path', { exact: true }).fill(folder);
      await page.getByLabel('Path', { exact: true }).press('Enter');
      await page.getByRole('button', { name: cast[1].name }).waitFor();
      await page.getByRole('button', { name: 'Choose this folder' }).click();
      await page.getByLabel('Name of the dataset').fill('Cast');
      await page.getByLabel('How it is arranged').selectOption('flat');
      await expectAccessible(page);
      await job(page, () =>
        page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click(),
      );
      await page.getByRole('button', { name: `All ${photographs + 2}` }).waitFor();
      await page.getByRole('button', { name: 'Not readable 2' }).click();
      await page.getByText('cut off.jpg').first().waitFor();
      await page
        .getByText(/ends before its last pixel/)
        .first()
        .waitFor();
      await page.getByText('empty.jpg').first().waitFor();
      await expectAccessible(page);
    });

    it('finds the faces and the people', async () => {
      await job(page, async () => {
        await page.getByRole('button', { name: 'Find people' }).click();
        await page.getByText('Find people in').first().waitFor();
      });
      await page.keyboard.press('Control+j'); // the panel of jobs goes
      await page.getByRole('link', { name: 'Align' }).click();
      await page.getByRole('grid', { name: `Photographs: ${photographs + 2} photographs` }).waitFor();
      await expectAccessible(page);
    });

    it('moves points by keyboard, with the crop following, and takes it back', async () => {
      await page.getByRole('gridcell', { name: `${cast[2].name} 2.jpg` }).dblclick();
      const after = page.getByRole('figure', { name: 'after' });
      await after.waitFor();
      const before = await served.app.handlers['faces.page'](
        { ...allFaces, search: `${cast[2].name} 2.jpg` },
        noContext,
      );
      await page.keyboard.press('1');
      for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
      await page.getByRole('img', { name: 'The crop that these points give' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Save points' }).click();
      await page
        .getByText(/Moved the points|Points saved/)
        .first()
        .waitFor();
      const moved = await served.app.handlers['faces.page'](
        { ...allFaces, search: `${cast[2].name} 2.jpg` },
        noContext,
      );
      expect(moved.items[0]?.points[0]).toBeCloseTo((before.items[0]?.points[0] ?? 0) + 30, 0);
      expect(moved.items[0]?.crop).not.toBe(before.items[0]?.crop);
      await page.keyboard.press('Control+z');
      await expect
        .poll(
          async () =>
            (await served.app.handlers['faces.get']({ face: moved.items[0]?.id ?? 0 }, noContext)).crop,
          patience,
        )
        .toBe(before.items[0]?.crop);
    });

    it('shows the gallery, chooses by keys, and opens a face with its original', async () => {
      await page.getByRole('link', { name: 'Gallery' }).click();
      const grid = page.getByRole('grid', { name: `Faces: ${photographs} faces` });
      await grid.waitFor();
      await expectAccessible(page);
      await page.getByRole('gridcell').first().click();
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowRight');
      await page.getByText('3 faces').first().waitFor();
      await page.keyboard.press('Control+a');
      await page.getByText(`${photographs} faces`).first().waitFor();
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await page.getByText(`${cast[0].name}/${cast[0].name} 1.jpg`).first().waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
    });

    it('searches by a picture, and finds the same person first', async () => {
      await page.getByRole('link', { name: 'Search' }).click();
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Choose a picture' }).click();
      await (await chooser).setFiles(join(folder, cast[3].name, `${cast[3].name} 1.jpg`));
      await page.getByText(`${cast[3].name} 1.jpg`).first().waitFor();
      const hits = page.getByRole('tabpanel').getByRole('listitem').getByRole('button');
      await hits.first().waitFor();
      const named = await hits.evaluateAll((buttons) => buttons.map((button) => button.textContent ?? ''));
      for (const hit of named.slice(0, perPerson)) expect(hit).toContain(cast[3].name);
      expect(named[0]).toContain('1.000');
      await expectAccessible(page);
    });

    it('names people, and names survive grouping again and undo', async () => {
      await page.getByRole('link', { name: 'People' }).click();
      // Generated people look more alike to the network than real ones do.
      await page.getByRole('combobox', { name: 'How alike faces' }).selectOption('Much stricter');
      await job(page, () => page.getByRole('button', { name: 'Group again' }).click());
      const clusters = page.getByRole('article', { name: new RegExp(`Cluster of ${perPerson} faces`) });
      await expect.poll(() => clusters.count(), patience).toBe(cast.length);
      await expectAccessible(page);
      await clusters.first().getByRole('combobox', { name: 'Name of this person' }).fill('Somebody');
      await clusters.first().getByRole('button', { name: 'Name', exact: true }).click();
      await expect.poll(() => clusters.count(), patience).toBe(cast.length - 1);
      await job(page, () => page.getByRole('button', { name: 'Group again' }).click());
      await expect.poll(() => clusters.count(), patience).toBe(cast.length - 1);
      await page.getByRole('button', { name: 'Named people' }).click();
      await page.getByText('Somebody').first().waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Control+z');
      await expect.poll(() => page.getByText('Somebody', { exact: true }).count(), patience).toBe(0);
    });

    it('goes the whole way by keyboard alone', async () => {
      const { page: keys, complaints: found } = await served.open();
      const press = async (...combinations: readonly string[]): Promise<void> => {
        for (const combination of combinations) await keys.keyboard.press(combination);
      };
      /** Goes on with Tab until what has the focus bears that name. */
      const tabTo = async (name: RegExp): Promise<void> => {
        for (let i = 0; i < 80; i++) {
          const focused = await keys.evaluate(() => {
            const element = document.activeElement;
            if (element === document.body) return '';
            const labels =
              element instanceof HTMLInputElement || element instanceof HTMLSelectElement
                ? element.labels
                : null;
            const own = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
            return labels?.[0]?.textContent ?? own;
          });
          if (name.test(focused.trim())) return;
          await press('Tab');
        }
        throw new Error(`Tab never came to ${name}`);
      };
      // Import: one more photograph, under a name of its own.
      await press('Control+i');
      await tabTo(/^Browse on/);
      await press('Enter');
      await tabTo(/^Path$/);
      await press('Control+a');
      await keys.keyboard.type(join(folder, cast[4].name));
      await press('Enter');
      await keys.getByRole('button', { name: `${cast[4].name} 1.jpg` }).waitFor();
      await tabTo(/^Choose this folder$/);
      await press('Enter');
      await tabTo(/^Name of the dataset/);
      await press('Control+a');
      await keys.keyboard.type('By keyboard');
      await tabTo(/^Import$/);
      await job(keys, () => press('Enter'));
      await keys.getByRole('heading', { name: 'By keyboard' }).waitFor();
      // Find people, through the list of commands.
      await tabTo(/^Find people$/);
      await job(keys, async () => {
        await press('Enter');
        await keys.getByText('Find people in').first().waitFor();
      });
      // Align: open a photograph, move the nose, save, undo.
      await press('Alt+2');
      await keys.getByRole('gridcell').first().waitFor();
      await tabTo(/^Photographs:/);
      await press('Enter');
      await keys.getByRole('figure', { name: 'after' }).waitFor();
      await press('3', 'ArrowDown', 'Enter');
      await keys
        .getByText(/Moved the points/)
        .first()
        .waitFor();
      await press('Control+z');
      await keys
        .getByText(/^Undone: Moved the points/)
        .first()
        .waitFor();
      // Gallery: choose a face and search by it.
      await press('Alt+3');
      await keys.getByRole('gridcell').first().waitFor();
      await tabTo(/^Faces:/);
      await press('ArrowRight', 's');
      await keys.getByRole('tabpanel').getByRole('listitem').first().waitFor();
      // People: name a group, and take it back.
      await press('Alt+5');
      await keys.getByRole('article').first().waitFor();
      await tabTo(/^Name of this person$/);
      await keys.keyboard.type('Nobody');
      await press('Enter');
      await keys
        .getByText(/^Named .*“Nobody”/)
        .first()
        .waitFor();
      // The field has the focus and an undo of its own: the button undoes the naming.
      await tabTo(/^Undo$/);
      await press('Enter');
      await keys
        .getByText(/^Undone: Named/)
        .first()
        .waitFor();
      expect(found).toEqual([]);
      await keys.context().close();
    }, 120_000);

    it('looks right in both schemes and on a narrow window, without complaints', async () => {
      for (const scheme of ['light', 'dark'] as const) {
        for (const width of [1280, 480]) {
          const other = await served.open({ scheme, width });
          for (const view of ['datasets', 'align', 'gallery', 'search', 'people', 'models', 'settings']) {
            await other.page.goto(`${served.url.split('#')[0]}#/${view}`);
            await other.page.getByRole('heading', { level: 1 }).first().waitFor();
            await expectAccessible(other.page, `${view}, ${scheme}, ${width} px`);
          }
          const overflow = await other.page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect(overflow).toBe(0);
          expect(other.complaints).toEqual([]);
          await other.page.context().close();
        }
      }
      expect(complaints).toEqual([]);
    }, 180_000);
  },
);
