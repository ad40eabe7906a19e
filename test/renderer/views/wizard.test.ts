// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

const click = async (name: string | RegExp): Promise<void> => {
  await fireEvent.click(await screen.findByRole('button', { name }));
};
const field = (name: string): Promise<HTMLInputElement> => screen.findByLabelText<HTMLInputElement>(name);
const write = async (name: string, value: string): Promise<void> => {
  await fireEvent.input(await field(name), { target: { value } });
};
const settled = (): Promise<void> =>
  waitFor(() => {
    expect(page.app.wizard.looking).toBe(false);
    expect(page.app.wizard.value).not.toEqual({});
  });

/** happy-dom's buttons submit no form but the one that they are in. */
const submit = async (name: string): Promise<void> => {
  const button = await screen.findByRole<HTMLButtonElement>('button', { name });
  await waitFor(() => expect(button.disabled).toBe(false));
  await fireEvent.submit(document.getElementById(button.getAttribute('form') ?? '') ?? button);
};

/** With a version, and the recipe that suits it. */
async function begun(options: { faces: number; delay?: number } = { faces: 1200 }): Promise<void> {
  page = await openPage(options);
  page.app.router.go('train', { new: 1 });
  await click('New version');
  await submit('Make version');
  await screen.findByText('Begin with a recipe');
  await settled();
}

describe('the wizard', () => {
  it('offers the import where there is nothing', async () => {
    page = await openPage({ faces: 0 });
    page.app.router.go('train', { new: 1 });
    expect(await screen.findByText('No photographs yet')).toBeTruthy();
    const next = screen.getByRole<HTMLButtonElement>('button', { name: 'Next' });
    expect(next.disabled).toBe(true);
  });

  it('says what a network begins with, what stays of it, and whom it learns from', async () => {
    await begun();
    const choose = async (name: string, value: string): Promise<void> => {
      await fireEvent.change(await field(name), { target: { value } });
    };
    await click('Next');
    await choose('Begins with', 'file');
    await write('File', 'weights.pth');
    await write('Frozen', 'stem.*, !stem.bn.*');
    await choose('Frozen normalisation', 'batch');
    await write('Rates by layer', 'stage1.* 0.1; head.*: 2');
    await fireEvent.click(await field('Average the parameters'));
    await write('Decay', '0.99');
    await settled();
    expect(page.app.wizard.recipe).toMatchObject({
      start: { from: 'file', path: 'weights.pth' },
      fineTune: {
        freeze: ['stem.*', '!stem.bn.*'],
        statistics: 'batch',
        rates: [
          { match: 'stage1.*', factor: 0.1 },
          { match: 'head.*', factor: 2 },
        ],
      },
      average: { decay: 0.99 },
    });
    await choose('Begins with', 'none');
    await click('Next');
    await screen.findByLabelText('Learns from');
    await waitFor(() => expect(page.app.wizard.recipe?.start).toBeNull());
    await screen.findByRole('option', { name: 'An embedding model' });
    await choose('Learns from', 'model');
    await fireEvent.click(await field('Distances (RKD-D)'));
    await settled();
    expect(page.app.wizard.recipe?.distillation).toMatchObject({
      teacher: { from: 'model', model: expect.stringMatching(/^onnx:/) },
      features: { weight: 1, of: 'unit' },
      ...{ distances: { weight: 25 }, softTargets: null },
    });
    await fireEvent.click(await field('Flow from map to map (FSP)'));
    await fireEvent.click(await field('Factors of the last map (FT)'));
    await write('Batches before the factors are told', '30');
    await settled();
    expect(page.app.wizard.recipe?.distillation).toMatchObject({
      flow: { weight: 1, student: null, teacher: null },
      factors: { weight: 200, share: 0.5, after: 30 },
    });
    await fireEvent.click(await field('Flow from map to map (FSP)'));
    await fireEvent.click(await field('Factors of the last map (FT)'));
    await fireEvent.click(await field('The embedding itself'));
    await fireEvent.click(await field('Distances (RKD-D)'));
    expect(await screen.findByText(/Asks nothing of its teacher/)).toBeTruthy();
    await choose('Learns from', 'none');
    await waitFor(() => expect(page.app.wizard.recipe?.distillation).toBeNull());
  });

  it('leads from data to a run with few clicks', async () => {
    await begun();
    expect(page.app.wizard.template).toBe('small-set');
    for (const title of ['Network', 'Head', 'Length']) {
      await click('Next');
      expect(await screen.findByRole('heading', { name: title })).toBeTruthy();
    }
    await click('Next');
    await settled();
    await write('Name', 'First try');
    await click('Start');
    await waitFor(() => expect(page.app.router.number('run')).not.toBeNull());
    const run = page.far.world.runs.get(page.app.router.number('run') ?? 0);
    expect(run?.name).toBe('First try');
    expect(run?.recipe).toEqual(recipeSchema.parse(run?.recipe));
    expect(run?.recipe.data.augmentation.cropFrom).toBe(128);
    // Another one begins anew.
    expect(page.app.wizard.value).toEqual({});
  });

  it('finds a network among many, and has its settings', async () => {
    await begun();
    await click('Network');
    await click(/^IR-SE/);
    expect(
      screen
        .getAllByRole('row')
        .slice(1)
        .map((row) => within(row).getByRole('rowheader').textContent?.trim()),
    ).toEqual(['IR-SE-18', 'IR-SE-34', 'IR-SE-50', 'IR-SE-101', 'IR-SE-152']);
    await fireEvent.click(await field('IR-SE-50'));
    await write('Reduction of squeeze-and-excitation', '8');
    expect(page.app.wizard.recipe?.network).toMatchObject({
      backbone: 'ir-se-50',
      options: { reduction: 8 },
    });
    const search = screen.getByRole('searchbox', { name: 'Search the networks' });
    await fireEvent.input(search, { target: { value: 'resnext 101' } });
    expect(screen.getAllByRole('row')).toHaveLength(3);
    await fireEvent.click(await field('SE-ResNeXt-101 32×4d'));
    await fireEvent.change(await field('Stem'), { target: { value: 'fine' } });
    expect(page.app.wizard.recipe?.network).toMatchObject({
      ...{ backbone: 'se-resnext-101', options: { reduction: 8, stem: 'fine' } },
    });
    await fireEvent.input(search, { target: { value: 'nothing' } });
    expect(await screen.findByText('None is called so.')).toBeTruthy();
    await fireEvent.input(search, { target: { value: 'mobilefacenet' } });
    await fireEvent.click(await field('MobileFaceNet'));
    expect(page.app.wizard.recipe?.network.options).toEqual({});
  });

  it('keeps what was typed when pages and views change', async () => {
    await begun();
    await click(/Schedule/);
    await write('Batch', '24');
    await write('Rate', '0.010');
    await click('Network');
    page.app.router.go('models');
    await screen.findByRole('heading', { name: 'Models', level: 1 });
    page.app.router.go('train', { new: 1 });
    await screen.findByRole('heading', { name: 'Network' });
    await click(/Schedule/);
    expect((await field('Batch')).value).toBe('24');
    expect(page.app.wizard.recipe).toMatchObject({ batch: 24, schedule: { rate: 0.01 } });
  });

  it('refuses what is impossible beside the field, and keeps it', async () => {
    await begun();
    await click(/Schedule/);
    await write('Batch', '1');
    expect(await screen.findByText('Must be at least 2.')).toBeTruthy();
    expect((await field('Batch')).getAttribute('aria-invalid')).toBe('true');
    await write('Rate', '1e-');
    expect((await field('Rate')).value).toBe('1e-');
    expect(screen.getByRole('button', { name: /Schedule/ }).textContent).toContain('2 problems');
    await click(/Review/);
    expect(await screen.findByRole('heading', { name: 'To be mended first' })).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Start' }).disabled).toBe(true);
    await fireEvent.click(screen.getByRole('button', { name: 'batch' }));
    await write('Batch', '16');
    await write('Rate', '1e-2');
    await settled();
    expect(page.app.wizard.ready).toBe(true);
  });

  it('fits the rate to a shorter run', async () => {
    await begun();
    const before = page.app.wizard.recipe;
    if (before === null) throw new Error('no recipe');
    const epochs = before.schedule.warmUp.epochs / 2;
    await click(/Schedule/);
    await write('Epochs', String(epochs));
    await click('Fit the rate to this length');
    const { recipe } = page.app.wizard;
    expect(recipe?.epochs).toBe(epochs);
    expect((recipe?.schedule.warmUp.epochs ?? 0) / epochs).toBeCloseTo(
      before.schedule.warmUp.epochs / before.epochs,
      2,
    );
  });

  it('offers mixed precision, and says where it is of no use', async () => {
    await begun();
    await click(/Schedule/);
    expect(await screen.findByText(/^Mixed is not for Processor: .*half precision/)).toBeTruthy();
    await fireEvent.change(await field('Precision'), { target: { value: 'mixed' } });
    expect(page.app.wizard.recipe?.precision).toBe('mixed');
    const device = await screen.findByLabelText('Device', { selector: 'select' });
    await fireEvent.change(device, { target: { value: 'cpu' } });
    const [problem] = await screen.findAllByText(/^Is mixed.* Set it to float32, or device\.provider/);
    expect(problem?.id).toMatch(/-problem$/);
    expect((await field('Precision')).getAttribute('aria-invalid')).toBe('true');
  });

  it('steps numbers by the arrow keys, within their limits', async () => {
    await begun();
    await click(/Schedule/);
    await write('Accumulation', '2');
    await fireEvent.keyDown(await field('Accumulation'), { key: 'ArrowUp' });
    expect((await field('Accumulation')).value).toBe('3');
    await fireEvent.keyDown(await field('Accumulation'), { key: 'ArrowDown', shiftKey: true });
    expect((await field('Accumulation')).value).toBe('1');
  });

  it('is the same as JSON, both ways, with the lines of what is wrong', async () => {
    await begun();
    await click('JSON');
    const area = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Recipe' });
    const tree = JSON.parse(area.value);
    expect(tree.batch).toBe(page.app.wizard.recipe?.batch);
    await fireEvent.input(area, {
      target: { value: area.value.replace(/"batch": \d+/, '"batch": 12,\n  "bach": 3') },
    });
    const problem = await screen.findByRole('button', { name: /is no setting/ });
    expect(problem.textContent).toContain('bach');
    const line = area.value.split('\n').findIndex((row) => row.includes('bach')) + 1;
    expect(within(problem).getByText(`line ${line}`)).toBeTruthy();
    await fireEvent.input(area, { target: { value: area.value.replace(',\n  "bach": 3', '') } });
    await settled();
    expect(page.app.wizard.ready).toBe(true);
    await click(/Schedule/);
    expect((await field('Batch')).value).toBe('12');
  });

  it('keeps broken JSON, and the form as it was before', async () => {
    await begun();
    await click('JSON');
    const area = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Recipe' });
    const batch = page.app.wizard.recipe?.batch;
    await fireEvent.input(area, { target: { value: area.value.replace('"batch"', 'batch') } });
    expect(await screen.findByText(/A name in double quotes is expected/)).toBeTruthy();
    await click(/Schedule/);
    expect(await screen.findByText(/The JSON has an error in line \d+; below/)).toBeTruthy();
    expect((await field('Batch')).value).toBe(String(batch));
    await click('Back to the JSON');
    const again = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Recipe' });
    expect(again.value).toMatch(/\n {2}batch:/);
  });

  it('takes a template in place of somebody’s work only with a way back', async () => {
    await begun();
    await click(/Schedule/);
    await write('Batch', '20');
    await click('Data');
    await click(/^Quick look/);
    await screen.findByText('The recipe is “Quick look”, scaled to the data now.');
    expect(page.app.wizard.recipe?.network.embedding).toBe(128);
    const notes = screen.getByRole('status', { name: 'Notes' });
    await fireEvent.click(within(notes).getByRole('button', { name: 'Undo' }));
    expect(page.app.wizard.recipe).toMatchObject({ batch: 20, network: { embedding: 256 } });
  });

  it('tries a few steps, and says when the recipe was changed since', async () => {
    await begun();
    await click(/Review/);
    await click('Try a few steps');
    expect(await screen.findByText(/840 ms on cpu/)).toBeTruthy();
    expect(screen.getByText(/measured/, { selector: 'dd' })).toBeTruthy();
    await click(/Schedule/);
    await write('Epochs', '7');
    await click(/Review/);
    expect(await screen.findByText('The recipe was changed since.')).toBeTruthy();
  });

  it('gives a trial up when it is told to', async () => {
    const options = { faces: 1200, delay: 0 };
    await begun(options);
    await click(/Review/);
    options.delay = 600_000;
    await click('Try a few steps');
    expect(await screen.findByRole('progressbar', { name: 'Trial' })).toBeTruthy();
    await click('Cancel');
    expect(await screen.findByRole('button', { name: 'Try a few steps' })).toBeTruthy();
    expect(screen.queryByRole('progressbar', { name: 'Trial' })).toBeNull();
    expect(page.app.wizard.trial.last).toBeNull();
    expect(page.app.wizard.trial.error).toBeNull();
  });

  it('begins with the recipe of a run, and may go on from its network', async () => {
    await begun();
    await settled();
    await page.app.wizard.start();
    const id = page.app.router.number('run') ?? 0;
    const run = page.far.world.runs.get(id);
    if (run === undefined) throw new Error('no run');
    run.checkpoints = [
      { step: 500, epoch: 2, createdAt: 0, bytes: 9, accuracy: 0.9, best: true, last: true },
    ];
    page.app.router.go('train', { new: 1, from: id });
    await screen.findByText(`from ${run.name}`);
    expect(page.app.wizard.recipe).toEqual(run.recipe);
    await click(/Review/);
    await settled();
    await fireEvent.change(await field('Begin with'), { target: { value: '500' } });
    await click('Start');
    await waitFor(() => expect(page.app.router.number('run')).not.toBe(null));
    const fork = page.far.world.runs.get(page.app.router.number('run') ?? 0);
    expect(fork?.parent).toEqual({ run: id, name: run.name, step: 500 });
  });
});

describe('dataset versions', () => {
  it('are made, renamed, trained on and removed', async () => {
    page = await openPage({ faces: 1200 });
    page.app.router.go('datasets', { versions: 1 });
    expect(await screen.findByText('No versions yet')).toBeTruthy();
    await fireEvent.click(
      (await screen.findAllByRole('button', { name: 'New version' }))[1] ?? document.body,
    );
    await write('Name', 'March');
    await submit('Make version');
    expect(await screen.findByText('March')).toBeTruthy();
    await click('Rename March');
    await write('Name', 'April');
    await submit('Rename');
    expect(await screen.findByText('April')).toBeTruthy();
    await click('Train');
    await settled();
    const version = [...page.far.world.versions.values()][0];
    expect(page.app.wizard.recipe?.data.version).toBe(version?.hash);
    page.app.router.go('datasets', { versions: 1 });
    await click('Remove April');
    await click('Remove');
    expect(await screen.findByText('No versions yet')).toBeTruthy();
  });
});
