import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/contract/runs.ts';
import { axe } from '../support/browser.ts';
import { cast, portraits } from '../support/portraits.ts';
import { missing, type Served, serveApp } from './served.ts';

const reason = missing();
const perPerson = 4;
/** Of the run: one an epoch. */
const steps = 60;
const photographs = cast.length * perPerson;
const noContext = { signal: new AbortController().signal, progress: () => {} };
/** For what a page shows only after an answer has come. */
const soon = { timeout: 20_000 };
/** For what comes with a process that has to start, and a network that has to be compiled. */
const slow = { timeout: 120_000 };

/** Once what is shown has settled: a button between disabled and enabled is neither to axe. */
async function expectAccessible(page: Page, where: string): Promise<void> {
  await expect.poll(() => axe(page), { ...soon, message: where }).toEqual([]);
}

describe.skipIf(reason !== null)(
  `training in a browser, from photographs to a search${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 240_000 }, // a busy machine trains slowly
  () => {
    let served: Served;
    let page: Page;
    let complaints: readonly string[];

    beforeAll(async () => {
      const folder = await portraits(perPerson);
      served = await serveApp();
      const { handlers } = served.app;
      const imported = await handlers['datasets.import'](
        { paths: [folder], name: 'Cast', kind: 'identities', copy: false, aligned: false },
        noContext,
      );
      const align = await handlers['align.start'](
        { dataset: imported.dataset, detector: null, solver: 'umeyama', minFace: null, again: false },
        noContext,
      );
      await handlers['jobs.wait']({ job: align.id }, noContext);
      ({ page, complaints } = await served.open());
    }, 240_000);

    afterAll(() => served?.close());

    const runNamed = async (name: string): Promise<Run> =>
      served.app.handlers['runs.find']({ name }, noContext);
    const summary = (title: string): Locator => page.getByRole('img', { name: new RegExp(`^${title}[.:]`) });
    const chip = (words: string): Locator => page.getByRole('main').getByText(words, { exact: true }).first();
    /** The last step that the loss's curve has, by what it says to those who do not see it. */
    const drawn = async (): Promise<number> => {
      const told = (await summary('Loss').getAttribute('aria-label')) ?? '';
      return Number(/ to [\d.e-]+ at step ([\d,]+)/.exec(told)?.[1]?.replace(',', '') ?? 0);
    };

    it('makes a version of the named faces', async () => {
      await page.getByRole('link', { name: 'Train' }).click();
      await page.getByRole('heading', { name: 'Train a network of your own' }).waitFor();
      await expectAccessible(page, 'no runs');
      await page.getByRole('button', { name: 'New training run' }).last().click();
      await page.getByRole('button', { name: 'New version' }).click();
      await page.getByText(`${photographs} faces, ${cast.length} labels`).waitFor();
      await page.getByRole('textbox', { name: 'Name' }).fill('First cast');
      await expectAccessible(page, 'new version');
      await page.getByRole('button', { name: 'Make version' }).click();
      await page.getByRole('radio', { name: 'First cast' }).waitFor();
      await expect.poll(() => page.getByRole('radio', { name: 'First cast' }).isChecked(), soon).toBe(true);
    });

    it('takes a template, and lets everything be changed, by mouse and by keys', async () => {
      const { keyboard } = page;
      await page.getByRole('button', { name: /^Quick look/ }).click();
      await page.getByRole('combobox', { name: 'Hold out' }).selectOption('People');
      await page.getByRole('textbox', { name: 'Share' }).fill('0.4');
      await page.getByText('8 pictures of 2 people held out; 12 pictures of 3 people to train on.').waitFor();
      await expectAccessible(page, 'data');
      await keyboard.press('Control+Enter');
      await page.getByRole('textbox', { name: 'Side of the input' }).fill('31');
      await page
        .getByText(/at least 32/)
        .first()
        .waitFor();
      await page.getByRole('textbox', { name: 'Side of the input' }).press('ArrowUp');
      await page.getByRole('textbox', { name: 'Side of the input' }).fill('32');
      await page.getByRole('button', { name: 'Next', exact: true }).click();
      await page.getByRole('heading', { name: 'Head', exact: true }).waitFor();
      await keyboard.press('Control+Enter');
      await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill(String(steps));
      await page.getByRole('textbox', { name: 'Every' }).fill(String(steps / 3));
      await page.getByText(new RegExp(`${steps}\\s+steps in all`)).waitFor();
      await expectAccessible(page, 'schedule');
      await keyboard.press('Control+Enter');
      await page.getByText('12 pictures of 3 people', { exact: true }).waitFor();
    });

    it('tries a few steps, and says what the first loss should be', async () => {
      await page.getByRole('button', { name: 'Try a few steps' }).click();
      const told = page.getByText(/is expected$/);
      await told.waitFor(slow);
      const [first = Number.NaN, expected = Number.NaN] = (
        (await told.innerText()).match(/[\d.]+/g) ?? []
      ).map(Number);
      expect(expected).toBeGreaterThan(Math.log(3)); // a margin makes guessing among three harder
      expect(Math.abs(first - expected)).toBeLessThan(1.5);
      await expectAccessible(page, 'review');
    });

    it('draws the points while it trains, as they are stored', async () => {
      await page.getByRole('textbox', { name: 'Name' }).fill('First run');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByRole('heading', { name: 'First run', level: 1 }).waitFor();
      await expect.poll(drawn, slow).toBeGreaterThan(0);
      const before = await drawn();
      await expect.poll(drawn, slow).toBeGreaterThan(before);
      await page.keyboard.press('p');
      await chip('Paused').waitFor(slow);
    });

    it('shows what the network saw, where it will go on, and goes on', async () => {
      const { step } = await runNamed('First run');
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThan(steps);
      await expect.poll(drawn, soon).toBe(step);
      await page.getByText(`Continue takes it on from step ${step}`).waitFor();
      await expectAccessible(page, 'paused');
      await page.keyboard.press('b');
      const crops = page.getByRole('list', { name: `Pictures of the batch of step ${step}` });
      await expect.poll(() => crops.locator('li').count(), soon).toBe(8);
      await expect
        .poll(
          () =>
            crops
              .locator('img')
              .evaluateAll((all) =>
                all.map((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0)),
              ),
          soon,
        )
        .toEqual(Array.from({ length: 8 }, () => 32));
      await expectAccessible(page, 'batch');
      await page.keyboard.press('Escape');
      await page.keyboard.press('c');
      await chip('Done').waitFor(slow);
      await page.getByText('Trained to the end of its schedule.').waitFor();
    });

    it('has learnt the faces, was verified, and every number on the page is a stored one', async () => {
      const run = await runNamed('First run');
      expect(run).toMatchObject({ state: 'done', reason: 'finished', step: steps, steps });
      const { columns } = await served.app.handlers['runs.series'](
        { run: run.id, columns: ['loss', 'top1'], from: 0, to: null, points: 2000 },
        noContext,
      );
      const losses = (columns.loss?.mean ?? []).map(Number);
      expect(losses).toHaveLength(steps); // paused and gone on: not one twice, none left out
      const late = losses.slice(-10).reduce((sum, loss) => sum + loss / 10, 0);
      expect(late).toBeLessThan((losses[0] ?? 0) / 3);
      await expect.poll(drawn, soon).toBe(steps);
      const [from = Number.NaN] =
        (await summary('Loss').getAttribute('aria-label'))?.match(/(?<=from )[\d.]+/) ?? [];
      expect(Number(from)).toBeCloseTo(losses[0] ?? 0, 2);
      const evaluations = await served.app.handlers['runs.evaluations']({ run: run.id }, noContext);
      expect(evaluations.map(({ step }) => step)).toEqual([0, steps / 3, (steps / 3) * 2, steps]);
      await page.getByText(`★ best at step ${run.best?.step}`).first().waitFor();
      await page.getByRole('table').getByText('best', { exact: true }).waitFor();
      await expectAccessible(page, 'done');
    });

    it('forks it with another recipe, after saying what is wrong with a wrong one', async () => {
      await page.keyboard.press('f');
      const recipe = page.getByRole('textbox', { name: 'Recipe' });
      await expect.poll(() => recipe.inputValue(), soon).toContain('"epochs"');
      const text = await recipe.inputValue();
      await recipe.fill(text.replace('"seed": 1337', '"seed": often'));
      await page.getByText(/^This is no JSON; line \d+/).waitFor();
      await recipe.fill(text.replace('"seed": 1337', '"sead": 1337'));
      await page.getByRole('button', { name: 'Start the fork' }).click();
      await page.getByText(/sead is no setting/).waitFor();
      await expectAccessible(page, 'fork');
      const short = JSON.parse(text) as { epochs: number; validation: object; schedule: { warmUp: object } };
      await recipe.fill(
        JSON.stringify({
          ...short,
          epochs: 6,
          validation: { ...short.validation, everyEpochs: 6 },
          schedule: { ...short.schedule, rate: 0.001, warmUp: { epochs: 0 } },
        }),
      );
      await page.getByRole('textbox', { name: 'Name' }).fill('Second run');
      await page.getByRole('button', { name: 'Start the fork' }).click();
      await page.getByRole('heading', { name: 'Second run', level: 1 }).waitFor();
      await chip('Done').waitFor(slow);
      // It begins with what the first one has learnt.
      const { loss } = await runNamed('Second run');
      expect(loss).toBeLessThan(1);
    });

    it('compares the two', async () => {
      await page.keyboard.press('Escape');
      await page.getByRole('checkbox', { name: 'Choose First run' }).check();
      await page.getByRole('checkbox', { name: 'Choose Second run' }).check();
      await page.keyboard.press('m');
      await page.getByRole('heading', { name: 'Compare 2 runs' }).waitFor();
      const recipes = page.getByRole('region', { name: 'Differences of the recipes' });
      const rate = recipes.getByRole('row', { name: /^schedule\.rate/ });
      await rate.waitFor();
      expect(await rate.innerText()).toContain('0.001');
      await expect
        .poll(() => summary('Loss').getAttribute('aria-label'), soon)
        .toMatch(/First run: .*Second run: |Second run: .*First run: /);
      await expectAccessible(page, 'comparison');
    });

    it('exports it into the models, and search works with it', async () => {
      const { id } = await runNamed('First run');
      await page.goto(`${served.url.split('#')[0]}#/train?run=${id}`);
      await page.getByRole('heading', { name: 'First run', level: 1 }).waitFor();
      await page.keyboard.press('e');
      await page.getByRole('combobox', { name: 'Checkpoint' }).selectOption('last');
      await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByText('can embed and search now').waitFor(slow);
      await expectAccessible(page, 'exported');
      await page.getByRole('button', { name: 'See it among the models' }).click();
      const card = page.getByRole('article', { name: 'First run' });
      await card.getByRole('button', { name: 'Make default' }).click();
      await card.getByText('default', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'Gallery' }).click();
      await page.getByRole('gridcell').first().click();
      await page.keyboard.press('s');
      await page.getByRole('button', { name: 'Embed them' }).click(slow);
      await expect
        .poll(
          async () =>
            (await served.app.handlers['jobs.list']({ active: false }, noContext)).map(
              ({ kind, state }) => `${kind} ${state}`,
            ),
          slow,
        )
        .toContain('embed done');
      await page.keyboard.press('Control+j');
      const hits = page.getByRole('tabpanel').getByRole('listitem').getByRole('button');
      await expect.poll(() => hits.count(), slow).toBeGreaterThan(perPerson);
      await page
        .getByText(/first-run/)
        .first()
        .waitFor();
      await expectAccessible(page, 'search');
    });

    it('looks right in both schemes and on a narrow window, without complaints', async () => {
      const all = (await served.app.handlers['runs.list']({}, noContext)).map(({ id }) => id);
      const views = [
        'train',
        `train?run=${all[0]}`,
        `train?compare=${all.join()}`,
        'train?new=1',
        'datasets?versions=1',
      ];
      for (const scheme of ['light', 'dark'] as const) {
        for (const width of [1280, 480]) {
          const other = await served.open({ scheme, width });
          for (const view of views) {
            await other.page.goto(`${served.url.split('#')[0]}#/${view}`);
            await other.page.getByRole('heading', { level: 1 }).first().waitFor();
            await expectAccessible(other.page, `${view}, ${scheme}, ${width} px`);
            const overflow = await other.page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            expect([view, width, overflow]).toEqual([view, width, 0]);
          }
          expect(other.complaints).toEqual([]);
          await other.page.context().close();
        }
      }
      expect(complaints).toEqual([]);
    });
  },
);
