// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

const runs = { count: 8, steps: 5000, pace: 2 };
const named = (name: string): number => {
  for (const run of page.far.world.runs.values()) if (run.name === name) return run.id;
  throw new Error(`no run ${name}`);
};
async function openRun(name: string): Promise<void> {
  page.app.router.go('train', { run: named(name) });
  await screen.findByRole('heading', { name, level: 1 });
}

describe('the list of runs', () => {
  it('offers a first run where there is none', async () => {
    page = await openPage({ faces: 0 });
    page.app.router.go('train');
    expect(await screen.findByText('Train a network of your own')).toBeTruthy();
    const [begin] = screen.getAllByRole('button', { name: 'New training run' });
    if (begin) await fireEvent.click(begin);
    expect(page.app.router.text('new')).toBe('1');
  });

  it('says how each run stands, and pauses and continues it', async () => {
    page = await openPage({ faces: 20, runs });
    page.app.router.go('train');
    const row = await screen.findByRole('article', { name: 'Rate far too high' });
    expect(within(row).getByText('Failed: diverged')).toBeTruthy();
    // Continuing would only do the same again.
    expect(within(row).queryByRole('button', { name: 'Continue Rate far too high' })).toBeNull();
    await fireEvent.click(await screen.findByRole('button', { name: 'Continue First try, rate 0.4' }));
    await fireEvent.click(await screen.findByRole('button', { name: 'Pause First try, rate 0.4' }));
    await screen.findByRole('button', { name: 'Continue First try, rate 0.4' });
    expect(page.far.world.runs.get(named('First try, rate 0.4'))?.state).toBe('paused');
  });

  it('compares what was chosen', async () => {
    page = await openPage({ faces: 20, runs });
    page.app.router.go('train');
    for (const name of ['A very long one', 'Early stop']) {
      await fireEvent.click(await screen.findByRole('checkbox', { name: `Choose ${name}` }));
    }
    await fireEvent.keyDown(document.body, { key: 'm' });
    await screen.findByRole('heading', { name: 'Compare 2 runs', level: 1 });
    expect(page.app.router.text('compare')?.split(',').map(Number).sort()).toEqual(
      [named('A very long one'), named('Early stop')].sort(),
    );
    const table = await screen.findByRole('region', { name: 'Differences of the recipes' });
    expect(within(table).getByText('schedule.rate')).toBeTruthy();
  });

  it('asks before it removes', async () => {
    page = await openPage({ faces: 20, runs });
    page.app.router.go('train');
    await fireEvent.click(await screen.findByRole('checkbox', { name: 'Choose A very long one' }));
    const bar = await screen.findByRole('toolbar', { name: 'Chosen runs' });
    await fireEvent.click(within(bar).getByRole('button', { name: 'Remove' }));
    const id = named('A very long one');
    const dialog = await screen.findByRole('dialog', { name: 'Remove “A very long one”?' });
    expect(page.far.world.runs.has(id)).toBe(true);
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Remove for good' }));
    await screen.findByText('Removed “A very long one”.');
    expect(page.far.world.runs.has(id)).toBe(false);
  });

  it('shows what went wrong', async () => {
    page = await openPage({ faces: 20, runs, failing: new Set(['runs.list']) });
    page.app.router.go('train');
    expect((await screen.findByRole('alert')).textContent).toContain('runs.list was told to fail');
  });
});

describe('the page of a run', () => {
  it('draws a step within a second, without asking for the series again', async () => {
    page = await openPage({ faces: 20, runs });
    await openRun('Portraits, MobileFaceNet + ArcFace');
    const chart = await screen.findByRole('img', { name: /^Loss\. Loss: from .* at step [\d,]+, lowest/ });
    const last = (): number => {
      const told = /to [\d.]+ at step ([\d,]+), lowest/.exec(chart.getAttribute('aria-label') ?? '');
      return Number(told?.[1]?.replaceAll(',', ''));
    };
    const before = last();
    const asked = page.far.calls.get('runs.series');
    await waitFor(() => expect(last()).toBeGreaterThan(before), { timeout: 10_000 });
    expect(page.far.calls.get('runs.series')).toBe(asked);
  });

  it('moves the cursor of all charts by keys, and zooms', async () => {
    page = await openPage({ faces: 20, runs });
    await openRun('Early stop');
    const cursor = await screen.findByRole('slider', { name: 'Cursor of Loss' });
    await fireEvent.keyDown(cursor, { key: 'Home' });
    await fireEvent.keyDown(cursor, { key: 'ArrowRight' });
    expect(cursor.getAttribute('aria-valuetext')).toMatch(/^step \d+: Loss \d/);
    const other = screen.getByRole('slider', { name: 'Cursor of Gradient norm' });
    expect(other.getAttribute('aria-valuenow')).toBe(cursor.getAttribute('aria-valuenow'));
    const all = screen.getByRole('button', { name: 'Show all' });
    expect(all).toHaveProperty('disabled', true);
    await fireEvent.keyDown(cursor, { key: '+' });
    expect(all).toHaveProperty('disabled', false);
    await fireEvent.keyDown(cursor, { key: '0' });
    expect(all).toHaveProperty('disabled', true);
  });

  it('tells the values as a table', async () => {
    page = await openPage({ faces: 20, runs });
    await openRun('Early stop');
    await screen.findByRole('slider', { name: 'Cursor of Validation accuracy' });
    await fireEvent.click(screen.getByRole('button', { name: 'Validation accuracy as a table' }));
    const table = screen.getByRole('region', { name: 'Validation accuracy: table' });
    expect(within(table).getByRole('rowheader', { name: 'step 2,600' })).toBeTruthy();
    expect(within(table).getByRole('columnheader', { name: 'Held-out people' })).toBeTruthy();
  });

  it('shows what a run diverged on', async () => {
    page = await openPage({ faces: 200, runs });
    await openRun('Rate far too high');
    expect((await screen.findByRole('alert')).textContent).toContain('Lower the learning rate');
    const what = await screen.findByRole('region', { name: 'What did it' });
    expect(what.textContent).toContain('step 312');
    expect(what.textContent).toContain('stage3.block2.conv');
    expect((await within(what).findAllByRole('listitem')).length).toBe(32);
  });

  it('exports a checkpoint into the models', async () => {
    page = await openPage({ faces: 20, runs });
    await openRun('Early stop');
    await fireEvent.click(await screen.findByRole('button', { name: 'Export step 2600' }));
    const dialog = await screen.findByRole('dialog', { name: 'Export “Early stop”' });
    const checkpoint = within(dialog).getByLabelText('Checkpoint') as HTMLSelectElement;
    await waitFor(() => expect(checkpoint.value).toBe('2600'));
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Export' }));
    expect((await within(dialog).findByRole('status')).textContent).toContain('step 2,600');
  });

  it('forks from a checkpoint, with a recipe that may be changed', async () => {
    page = await openPage({ faces: 400, runs });
    await page.app.call('versions.create', { datasets: [[...page.far.world.datasets.keys()][0] ?? 0] });
    const hash = [...page.far.world.versions.values()][0]?.hash ?? '';
    await openRun('Early stop');
    await fireEvent.keyDown(document.body, { key: 'f' });
    const dialog = await screen.findByRole('dialog', { name: 'Fork “Early stop”' });
    const recipe = within(dialog).getByLabelText('Recipe') as HTMLTextAreaElement;
    await waitFor(() => expect(recipe.value).toContain('"batch": 128'));
    await fireEvent.input(recipe, { target: { value: '{ "batch": ' } });
    expect(within(dialog).getByRole('button', { name: 'Start the fork' })).toHaveProperty('disabled', true);
    const changed = { data: { version: hash }, batch: 16 };
    await fireEvent.input(recipe, { target: { value: JSON.stringify(changed) } });
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Start the fork' }));
    await waitFor(() => expect(page.app.router.number('run')).not.toBe(named('Early stop')));
    const made = page.far.world.runs.get(page.app.router.number('run') ?? 0);
    expect(made?.recipe.batch).toBe(16);
    expect(made?.parent?.name).toBe('Early stop');
  });

  it('stops only after a question', async () => {
    page = await openPage({ faces: 20, runs });
    await openRun('Portraits, MobileFaceNet + ArcFace');
    await fireEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    const dialog = await screen.findByRole('dialog', { name: /^Stop/ });
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Stop the run' }));
    expect(await screen.findByText('Stopped by you.')).toBeTruthy();
  });

  it('takes another name', async () => {
    page = await openPage({ faces: 20, runs });
    await openRun('Early stop');
    await fireEvent.click(await screen.findByRole('button', { name: 'Rename' }));
    const field = await screen.findByRole('textbox', { name: 'Name' });
    await fireEvent.input(field, { target: { value: 'Second try' } });
    const dialog = screen.getByRole('dialog', { name: 'Rename run' });
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Rename' }));
    expect(await screen.findByRole('heading', { name: 'Second try', level: 1 })).toBeTruthy();
  });
});
