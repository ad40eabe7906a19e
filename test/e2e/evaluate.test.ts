import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe } from '../support/browser.ts';
import { cast, portraits } from '../support/portraits.ts';
import { missing, type Served, serveApp } from './served.ts';

const reason = missing();
const perPerson = 4;
const [ada, bram] = cast;

/** For what a page shows only after an answer has come. */
const patience = { timeout: 20_000 };
/** For what a job has to do first. */
const work = { timeout: 120_000 };
const noContext = { signal: new AbortController().signal, progress: () => {} };

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
/** A rate as the page writes it: four digits. */
const rate = (share: number): string => String(Number(share.toPrecision(4)));
const picture = (name: string, i: number): string => `${name}/${name} ${i}.jpg`;

/** Two pairs of each person and two of each with the next, in two folds. */
const pairs = cast.flatMap(({ name }, i) => {
  const next = cast[(i + 1) % cast.length]?.name ?? '';
  return [
    [picture(name, 1), picture(name, 2), 1, 1],
    [picture(name, 3), picture(name, 4), 1, 2],
    [picture(name, 1), picture(next, 2), 0, 1],
    [picture(name, 3), picture(next, 4), 0, 2],
  ] as const;
});
/** A photograph of Ada that lies among Bram’s: whoever looks at this pair sees that it is mislabelled. */
const misplaced = picture(bram.name, perPerson + 1);
const mislabelled = [picture(ada.name, 1), misplaced, 0, 1] as const;
const listed = [...pairs, mislabelled];
const pictures = cast.length * perPerson + 1;
const protocols = ['face.evoLVe', 'FaceX-Zoo', 'Standard'] as const;

describe.skipIf(reason !== null)(
  `a network is measured in a browser${reason === null ? '' : ` (${reason})`}`,
  () => {
    let served: Served;
    let page: Page;
    let complaints: readonly string[];
    let folder: string;
    let hash: string;

    async function expectAccessible(): Promise<void> {
      await expect.poll(() => axe(page), patience).toEqual([]);
    }
    const button = (name: string, within: Page | Locator = page): Locator =>
      within.getByRole('button', { name, exact: true });
    const dialog = (name: string): Locator => page.getByRole('dialog', { name, exact: true });
    /** A number of the results, by what it is said to be. */
    const figure = (protocol: string, more = ''): Locator =>
      page.getByRole('gridcell', { name: new RegExp(`^Little cast, ${protocol}: \\d.*${more}$`) });
    const results = () => served.app.handlers['evaluations.list']({ benchmark: null, all: false }, noContext);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lineament-pairs-'));
      await cp(await portraits(perPerson), folder, { recursive: true });
      // Mirrored: a picture of its own, for two of one content would be one face.
      await sharp(join(folder, picture(ada.name, 3)))
        .flop()
        .toFile(join(folder, misplaced));
      const lines = ['left,right,same,fold', ...listed.map((pair) => pair.join(','))];
      await writeFile(join(folder, 'pairs.csv'), `${lines.join('\n')}\n`);
      served = await serveApp();
      ({ page, complaints } = await served.open());
    }, 240_000);

    afterAll(async () => {
      await served?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('imports a benchmark as what the assistant takes it for', async () => {
      await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
      await button('Import benchmark').last().click();
      const importing = dialog('Import benchmark');
      const path = importing.getByLabel('Folder or file of the benchmark', { exact: true });
      // Enter looks what it is, and imports nothing yet.
      await path.fill(join(folder, ada.name));
      await path.press('Enter');
      await importing.getByText('This is no benchmark that is known.', { exact: true }).waitFor();
      await path.fill(folder);
      await path.press('Enter');
      const told = importing.getByRole('group', { name: 'What it is taken for', exact: true });
      await told.getByRole('radio', { name: /pairs\.csv/, checked: true }).waitFor();
      await told
        .getByText(`${pictures} pictures · ${listed.length} pairs · ${cast.length} people · 2 folds`)
        .first()
        .waitFor();
      await importing.getByLabel('Name', { exact: true }).fill('Little cast');
      await expectAccessible();
      await button('Import', importing).click();
      await importing.getByText(/^It is on the shelf/).waitFor(work);
      await expectAccessible();
      await button('Look at it', importing).click();
      await page.getByRole('heading', { name: 'Little cast', exact: true }).waitFor();
      const [made] = await served.app.handlers['benchmarks.list']({}, noContext);
      expect(made).toMatchObject({
        pairs: listed.length,
        samePairs: 2 * cast.length,
        lostPairs: 0,
        problems: 0,
      });
      hash = made?.hash ?? '';
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      await expectAccessible();
    }, 180_000);

    it('measures the built-in network by three protocols, side by side', async () => {
      await button('Measure').click();
      const measuring = dialog('Measure networks');
      await measuring.getByRole('checkbox', { name: /^Faceplugin 512/ }).check();
      await measuring.getByRole('checkbox', { name: /^Little cast/ }).waitFor();
      await measuring.getByText('1 network × 1 benchmark × 3 protocols').waitFor();
      await expectAccessible();
      await button('Measure', measuring).click();
      await measuring.waitFor({ state: 'detached' });
      await button('All benchmarks').click();
      await button('Side by side').click(work);
      for (const protocol of protocols) await figure(protocol).waitFor(work);
      await expectAccessible();
      for (const result of await results()) {
        expect(result).toMatchObject({ pairs: listed.length, lost: 0, marked: 0, outdated: false });
        expect(result.benchmark.hash).toBe(hash);
        expect(result.verification?.accuracy.value).toBeGreaterThan(0.8);
      }
    }, 180_000);

    it('moves the operating point by keys; TAR, FAR and accuracy follow', async () => {
      await figure('Standard').click();
      const details = page.getByRole('region', { name: 'The chosen result', exact: true });
      await button('Curves', details).click();
      const panel = page.getByRole('region', { name: 'Operating point', exact: true });
      const [tar, far, accuracy] = [0, 1, 2].map((i) => panel.getByRole('cell').nth(i));
      await far?.waitFor();
      const slider = panel.getByRole('slider', { name: 'False accept rate', exact: true });
      const shown = async (): Promise<readonly string[]> =>
        Promise.all([tar, far, accuracy].map(async (cell) => (await cell?.textContent()) ?? ''));
      const own = (await results()).find(({ protocol }) => protocol === 'standard');
      const told = async (at: { threshold: number } | { far: number }): Promise<readonly string[]> => {
        const point = await served.app.handlers['evaluations.at'](
          { evaluation: own?.id ?? 0, at },
          noContext,
        );
        return [percent(point.tar), rate(point.far), percent(point.accuracy)];
      };
      await slider.focus();
      await page.keyboard.press('End');
      // Everything is accepted: right are the pairs of one person alone.
      await expect
        .poll(shown, patience)
        .toEqual(['100.00 %', '1', percent((2 * cast.length) / listed.length)]);
      // The fewest false accepts that can be told: one pair of all.
      await page.keyboard.press('Home');
      await expect.poll(shown, patience).toEqual(await told({ far: 1 / (listed.length - 2 * cast.length) }));
      await page.keyboard.press('PageUp');
      await expectAccessible();
      await button('By threshold', panel).click();
      const threshold = panel.getByRole('slider', { name: 'Threshold', exact: true });
      await threshold.focus();
      await page.keyboard.press('Home');
      await expect.poll(async () => (await shown())[0], patience).toBe('100.00 %');
      await page.keyboard.press('End');
      await expect.poll(async () => (await shown())[0], patience).toBe('0.00 %');
      await panel.getByRole('button', { name: /^The protocol’s own/ }).click();
      await expect
        .poll(shown, patience)
        .toEqual(await told({ threshold: own?.verification?.threshold ?? 0 }));
      await expectAccessible();
    }, 120_000);

    it('shows the mislabelled pair as the surest failure, and marks it', async () => {
      await button('See all false accepts').click();
      const grid = page.getByRole('grid', { name: /^False accepts: / });
      const cell = grid.getByRole('gridcell').first();
      await expect
        .poll(() => cell.getAttribute('aria-label'), patience)
        .toMatch(new RegExp(`pair ${listed.length}, two people by the list$`));
      await expectAccessible();
      await cell.click();
      await page.keyboard.press('Enter');
      const pair = dialog(`Pair ${listed.length}`);
      await pair.getByText('Two people by the list', { exact: true }).waitFor();
      await expect.poll(() => pair.getByRole('img', { name: /^Original of / }).count(), patience).toBe(2);
      await expectAccessible();
      await button('Mark as mislabelled', pair).click();
      await pair.getByText('marked as mislabelled', { exact: true }).waitFor();
      await button('Close', pair).click();
      await button('Marked').click();
      await page.getByRole('grid', { name: 'Marked: 1 pair', exact: true }).waitFor();
      await expectAccessible();
    }, 120_000);

    it('says that the numbers are outdated, and measures without that pair', async () => {
      const before = await results();
      await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
      for (const protocol of protocols) await figure(protocol, 'outdated').waitFor();
      await button('Measure').click();
      const measuring = dialog('Measure networks');
      await measuring.getByRole('checkbox', { name: /^Faceplugin 512/ }).check();
      await measuring.getByRole('checkbox', { name: /^Little cast/ }).check();
      await button('Measure', measuring).click();
      for (const protocol of protocols) await figure(protocol, '; pairs marked').waitFor(work);
      const after = await results();
      for (const result of after) {
        const earlier = before.find(({ protocol }) => protocol === result.protocol);
        expect(result).toMatchObject({ pairs: pairs.length, marked: 1, outdated: false });
        expect(result.embedded).toBe(0); // another count, the same embeddings
        expect(result.withAll).toBeCloseTo(earlier?.verification?.accuracy.value ?? -1, 12);
        expect(result.verification?.accuracy.value).toBeGreaterThan(result.withAll ?? 2);
      }
    }, 120_000);

    it('writes a report that names the benchmark by its hash', async () => {
      await button('Report…').first().click();
      const report = dialog('Report');
      const file = join(folder, 'out', 'results.html');
      await report.getByLabel('Title', { exact: true }).fill('Little cast, measured');
      await report.getByLabel('Path on the machine that runs Lineament', { exact: true }).fill(file);
      await expectAccessible();
      await button('Write', report).click();
      await report.getByText(file, { exact: true }).waitFor();
      await button('Done', report).click();
      expect(await readdir(join(folder, 'out'))).toEqual(['results.html']);
      const html = await readFile(file, 'utf8');
      const [result] = await results();
      expect(html).toContain('Little cast, measured');
      expect(html).toContain(result?.benchmark.hash);
      expect(html).toContain(result?.subject.hash);
      expect(html).not.toMatch(/(src|href)="https?:/);
    }, 60_000);

    it('lays the benchmark’s people out in the plane', async () => {
      await button('Map').click();
      await page.getByRole('heading', { name: 'Map of faces', exact: true }).waitFor();
      await page
        .getByRole('combobox', { name: 'Faces of', exact: true })
        .selectOption({ label: 'Little cast' });
      await button('Lay out').click();
      await page.getByText(`${pictures} faces of ${cast.length} people, UMAP`, { exact: true }).waitFor(work);
      await button('Lay out').and(page.locator(':enabled')).waitFor(work);
      const people = page.getByRole('list', { name: 'People', exact: true });
      for (const { name } of cast)
        await people
          .getByRole('button', { name: `${name} ${perPerson + Number(name === bram.name)}`, exact: true })
          .waitFor();
      await expectAccessible();
      expect(complaints).toEqual([]);
    }, 180_000);
  },
);
