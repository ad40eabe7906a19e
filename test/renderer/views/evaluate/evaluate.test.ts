// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { EvaluationResult, ProtocolName } from '../../../../src/core/contract/evaluations.ts';
import type { FakeOptions } from '../../../support/fake-app/app.ts';
import { openPage, type TestPage } from '../page.ts';

let page: TestPage;
afterEach(() => page.close());
const slow = { timeout: 60_000 };
const evaluation = { benchmarks: 4, subjects: 4, pairs: 120, images: 120 };

async function open(params: Record<string, string | number> = {}, options: FakeOptions = { evaluation }) {
  page = await openPage({ faces: 120, ...options });
  page.app.evaluate.published = false; // many rows are slow to look through
  page.app.router.go('evaluate', params);
}
function results(benchmark: string, protocol: ProtocolName): EvaluationResult[] {
  return [...page.far.evaluations.results.values()].filter(
    (one) => one.benchmark.name === benchmark && one.protocol === protocol,
  );
}
/** So that there is something wrong to look at. */
const worstFirst = (all: readonly EvaluationResult[]): readonly EvaluationResult[] =>
  all.toSorted((a, b) => (a.verification?.accuracy.value ?? 0) - (b.verification?.accuracy.value ?? 0));
const rowNames = (): (string | null)[] =>
  screen.getAllByRole('rowheader').map((one) => one.querySelector('.clip')?.textContent ?? null);
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));

describe('the home of evaluations', slow, () => {
  it('offers a first benchmark where there is none', async () => {
    await open({}, {});
    expect(await screen.findByText('Measure networks as the papers do')).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Measure' }).disabled).toBe(true);
    await press('Make one of a dataset version');
    expect(await screen.findByText(/There is no dataset version yet/)).toBeTruthy();
  });

  it('shows what failed, and tries again', async () => {
    await open({}, { evaluation, failing: new Set(['evaluations.list']) });
    expect(await screen.findByText(/evaluations.list was told to fail/)).toBeTruthy();
    expect(screen.getByRole('article', { name: 'LFW' })).toBeTruthy();
  });

  it('warns of leaks before any number, with both numbers', async () => {
    await open();
    const banner = await screen.findByRole('note', { name: 'Leaks' });
    const [leaking] = results('LFW', 'evolve').filter(({ leak }) => leak !== null);
    const told = (share: number | null): string => `${((share ?? 0) * 100).toFixed(2)}%`;
    expect(banner.textContent).toContain(told(leaking?.verification?.accuracy.value ?? null));
    expect(banner.textContent).toContain(told(leaking?.withAll ?? null));
    const grid = screen.getByRole('grid', { name: /^Results/ });
    expect(banner.compareDocumentPosition(grid) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  });

  it('sorts by any column by keys, switches protocols and hides the papers’ lines', async () => {
    await open();
    await fireEvent.click(await screen.findByRole('checkbox', { name: 'Published' }));
    await waitFor(() => expect(rowNames().length).toBeGreaterThan(4));
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Published' }));
    await waitFor(() => expect(rowNames()).toHaveLength(4));
    const grid = screen.getByRole('grid', { name: /^Results/ });
    const heads = screen.getAllByRole('columnheader').map((one) => one.textContent?.trim());
    expect(heads).toEqual(['Network', 'AgeDB-30', 'CPLFW', 'LFW', 'RFW']);
    for (const key of ['ArrowUp', 'ArrowRight', 'ArrowRight', 'Enter'])
      await fireEvent.keyDown(grid, { key });
    const best = results('LFW', 'evolve').toSorted(
      (a, b) => (b.verification?.accuracy.value ?? 0) - (a.verification?.accuracy.value ?? 0),
    );
    await waitFor(() =>
      expect(
        screen.getByRole('columnheader', { name: /LFW$/, description: /^LFW/ }).getAttribute('aria-sort'),
      ).toBe('descending'),
    );
    expect(rowNames()[0]).toBe(best[0]?.subject.name);
    await press('Side by side');
    await waitFor(() => expect(screen.getAllByRole('columnheader').length).toBeGreaterThan(5));
    expect(screen.getByText(/compare numbers of one protocol only/)).toBeTruthy();
  });

  it('chooses rows by keys and compares their results', async () => {
    await open();
    const grid = await screen.findByRole('grid', { name: /^Results/ });
    for (const key of [' ', 'ArrowDown', ' ']) await fireEvent.keyDown(grid, { key });
    const bar = await screen.findByRole('toolbar', { name: 'Chosen networks' });
    expect(bar.textContent).toMatch(/2 networks,\s+\d results/);
    await fireEvent.keyDown(document.body, { key: 'm' });
    expect(await screen.findByRole('heading', { name: /^Compare \d results$/, level: 1 })).toBeTruthy();
    expect(await screen.findByRole('combobox', { name: 'Benchmark' })).toBeTruthy();
  });

  it('measures what is chosen; the queue shows it and the result comes', async () => {
    await open({}, { evaluation: { ...evaluation, subjects: 0 } });
    await screen.findByText('Nothing measured yet');
    await fireEvent.keyDown(document.body, { key: 'n' });
    const dialog = await screen.findByRole('dialog', { name: 'Measure networks' });
    const measure = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Measure' });
    expect(measure.disabled).toBe(true);
    for (const name of [/^Feature 512/, /^MobileFaceNet/, /^CPLFW/, /^FaceX-Zoo/]) {
      await fireEvent.click(await within(dialog).findByRole('checkbox', { name }));
    }
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Also the ticked ones together' }));
    expect(within(dialog).getByRole('status').textContent).toMatch(
      /3 networks\s+× 1 benchmark\s+× 2 protocols/,
    );
    await fireEvent.click(measure);
    const queue = await screen.findByRole('region', { name: 'Queue' });
    expect(within(queue).getByRole('button', { name: 'Cancel Measure 3 networks' })).toBeTruthy();
    await waitFor(() => expect(results('CPLFW', 'evolve')).toHaveLength(3), slow);
    expect(results('CPLFW', 'facex')).toHaveLength(0);
    await waitFor(() => expect(rowNames()).toContain('Feature 512 + MobileFaceNet'), slow);
  });
});

describe('a benchmark', slow, () => {
  it('is recognised, told what is missing, and read with progress', async () => {
    await open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Import benchmark' }));
    const dialog = await screen.findByRole('dialog', { name: 'Import benchmark' });
    const field = within(dialog).getByRole('textbox', { name: 'Folder or file of the benchmark' });
    await fireEvent.change(field, { target: { value: '/data/notes.txt' } });
    expect(await within(dialog).findByText('This is no benchmark that is known.')).toBeTruthy();
    await fireEvent.change(field, { target: { value: '/data/lfw-missing' } });
    expect(await within(dialog).findByText(/14 pairs are lost/)).toBeTruthy();
    expect(within(dialog).getByRole<HTMLInputElement>('radio', { name: /View 1/ }).disabled).toBe(true);
    await fireEvent.click(within(dialog).getByRole('radio', { name: /They are aligned crops/ }));
    expect(within(dialog).getByText(/A wrong alignment is the commonest cause/)).toBeTruthy();
    await fireEvent.input(within(dialog).getByRole('textbox', { name: 'Name' }), {
      target: { value: 'Mine' },
    });
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Import' }));
    await within(dialog).findByRole('progressbar', { name: 'Read Mine' });
    const made = [...page.far.evaluations.benchmarks.values()].find(({ info }) => info.name === 'Mine');
    expect(made?.info).toMatchObject({ format: 'lfw', alignment: 'aligned' });
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Look at it' }));
    expect(await screen.findByRole('heading', { name: 'Mine', level: 1 })).toBeTruthy();
  });

  it('checks its alignment, shows problems, and is renamed and removed', async () => {
    await open();
    const [, cplfw = 0] = page.far.evaluations.benchmarks.keys();
    page.app.router.go('evaluate', { benchmark: cplfw });
    await fireEvent.click(await screen.findByRole('button', { name: 'Check' }));
    expect(await screen.findByText('It is off')).toBeTruthy();
    expect(screen.getByText(/let faces be found in the pictures/)).toBeTruthy();
    await press(/^Problems/);
    expect(await screen.findByRole('gridcell', { name: /ends in the middle of the picture/ })).toBeTruthy();
    await press('Rename');
    await fireEvent.input(await screen.findByRole('textbox', { name: 'Name' }), {
      target: { value: 'Poses' },
    });
    await fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Rename' }));
    await screen.findByRole('heading', { name: 'Poses', level: 1 });
    await press('Remove');
    await press('Remove for good');
    await waitFor(() => expect(page.far.evaluations.benchmarks.has(cplfw)).toBe(false));
    await waitFor(() => expect(page.app.router.number('benchmark')).toBeNull());
  });
});

describe('a comparison', slow, () => {
  async function compare(): Promise<readonly EvaluationResult[]> {
    await open();
    const all = worstFirst(results('RFW', 'evolve'));
    page.app.router.go('evaluate', { compare: all.map(({ id }) => id).join(',') });
    await screen.findByRole('region', { name: 'Figures at the operating point' });
    await screen.findByRole('slider', { name: 'Operating point of ROC' });
    return all;
  }
  const cells = (row: number): (string | undefined)[] => {
    const table = screen.getByRole('region', { name: 'Figures at the operating point' });
    const found = within(table).getAllByRole('row')[row + 1];
    return found
      ? within(found)
          .getAllByRole('cell')
          .map((one) => one.textContent?.trim())
      : [];
  };

  it('moves its operating point by slider, keys and threshold; figures are the counted ones', async () => {
    const [first] = await compare();
    const exact = (at: { far: number } | { threshold: number }) =>
      page.app.call('evaluations.at', { evaluation: first?.id ?? 0, at });
    await fireEvent.input(screen.getByRole('slider', { name: 'False accept rate' }), {
      target: { value: '-1' },
    });
    const tenth = await exact({ far: 0.1 });
    await waitFor(() => {
      expect(cells(0)[0]).toBe(`${(tenth.tar * 100).toFixed(2)} %`);
      expect(cells(0)[4]).toBe(String(tenth.falseAccepts));
      expect(cells(0)[5]).toBe(String(tenth.falseRejects));
    });
    // As far as the fewest false accepts that so many pairs can tell: one.
    const roc = screen.getByRole('slider', { name: 'Operating point of ROC' });
    await fireEvent.keyDown(roc, { key: 'Home' });
    await waitFor(() => expect(cells(0)[4]).toBe('1'));
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'FAR 1e−3' }).disabled).toBe(true);
    await press('By threshold');
    await press(/^The protocol’s own/);
    const own = await exact({ threshold: first?.verification?.threshold ?? 0 });
    await waitFor(() => expect(cells(0)[0]).toBe(`${(own.tar * 100).toFixed(2)} %`));
    await waitFor(() => expect(cells(0).at(-1)).toBe(String(own.falseRejects)));
  });

  it('shows folds, groups with their widest gap, and the wrong pairs at the point', async () => {
    const [first] = await compare();
    const groups = screen.getByRole('region', { name: 'Figures by group' });
    const gap = within(groups).getByRole('row', { name: /Widest gap/ });
    const accuracies = first?.groups.map(({ accuracy }) => accuracy) ?? [];
    const widest = (Math.max(...accuracies) - Math.min(...accuracies)) * 100;
    expect(within(gap).getAllByRole('cell')[1]?.textContent).toBe(widest.toFixed(2));
    const folds = screen.getByRole('region', { name: 'Accuracy by fold' });
    expect(within(folds).getAllByRole('row')).toHaveLength(11);
    const all = await screen.findByRole<HTMLButtonElement>('button', { name: 'See all false rejects' });
    await waitFor(() => expect(all.disabled).toBe(false));
    await fireEvent.click(all);
    expect(await screen.findByRole('grid', { name: /^False rejects/ })).toBeTruthy();
    expect(Number(page.app.router.text('far'))).toBeGreaterThanOrEqual(0.01);
  });
});

describe('failures', slow, () => {
  it('are gone through and marked by keys; undo takes it back; results are outdated', async () => {
    await open();
    const [result] = worstFirst(results('CPLFW', 'facex'));
    page.app.router.go('evaluate', { failures: result?.id, kind: 'false-rejects' });
    const grid = await screen.findByRole('grid', { name: /^False rejects: \d+ pair/ });
    const many = Number(/\d+/.exec(grid.getAttribute('aria-label') ?? '')?.[0]);
    expect(many).toBeGreaterThan(1);
    await screen.findAllByRole('gridcell', { name: /one person by the list/ });
    await fireEvent.keyDown(grid, { key: 'Enter' });
    const dialog = await screen.findByRole('dialog', { name: /^Pair \d+/ });
    expect(within(dialog).getAllByText('Yaw, pitch, roll')).toHaveLength(2);
    await fireEvent.keyDown(window, { key: 'j' });
    await within(dialog).findByText(`2 of ${many}`);
    await fireEvent.keyDown(window, { key: 'k' });
    await fireEvent.keyDown(window, { key: 'm' });
    await within(dialog).findByText(`1 of ${many - 1}`);
    const marked = page.far.evaluations.benchmarks.get(result?.benchmark.id ?? 0)?.marked;
    expect(marked?.size).toBe(1);
    expect(page.far.evaluations.results.get(result?.id ?? 0)?.outdated).toBe(true);
    await fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
    await within(dialog).findByText(`1 of ${many}`);
    expect(marked?.size).toBe(0);
  });
});

describe('the map and the report', slow, () => {
  it('lays faces out, hides people and pins by keys', async () => {
    await open({ map: 1 });
    await screen.findByText('Faces in the plane');
    await fireEvent.input(screen.getByRole('spinbutton', { name: 'People' }), { target: { value: '5' } });
    const begin = screen.getByRole<HTMLButtonElement>('button', { name: 'Lay out' });
    await waitFor(() => expect(begin.disabled).toBe(false));
    await fireEvent.click(begin);
    const map = await screen.findByRole('application', { name: /of 5 people/ });
    await fireEvent.keyDown(map, { key: 'n' });
    await fireEvent.keyDown(map, { key: 'Enter' });
    expect(await screen.findByRole('button', { name: /^Unpin Person/ })).toBeTruthy();
    const [person] = within(screen.getByRole('list', { name: 'People' })).getAllByRole('button');
    await fireEvent.click(person ?? document.body);
    expect(person?.getAttribute('aria-pressed')).toBe('false');
  });

  it('begins with the settings of the map that is shown', async () => {
    await open();
    const benchmark = (await page.app.call('benchmarks.list', {})).at(-1)?.id ?? 0;
    const { id } = await page.app.call('maps.start', {
      ...{ scope: { benchmark }, method: 'tsne', people: 4, neighbours: 9, seed: 3 },
    });
    page.app.router.go('evaluate', { map: 1, job: id });
    await screen.findByRole('application', { name: /of 4 people/ });
    const field = (role: 'combobox' | 'spinbutton', name: string) =>
      screen.getByRole<HTMLInputElement | HTMLSelectElement>(role, { name }).value;
    await waitFor(() => expect(field('combobox', 'Method')).toBe('tsne'));
    expect(field('combobox', 'Faces of')).toBe(`benchmark ${benchmark}`);
    expect(['People', 'Perplexity', 'Seed'].map((name) => field('spinbutton', name))).toEqual([
      '4',
      '9',
      '3',
    ]);
  });

  it('writes a report and says where it is', async () => {
    await open();
    const report = await screen.findByRole<HTMLButtonElement>('button', { name: 'Report…' });
    await waitFor(() => expect(report.disabled).toBe(false)); // the results are there
    await fireEvent.click(report);
    await fireEvent.click(await screen.findByRole('radio', { name: /^CSV/ }));
    await press('Write');
    expect(await screen.findByText('/home/ada/.local/share/lineament/reports/results.csv')).toBeTruthy();
    expect(screen.getByText(/^network,benchmark,protocol/)).toBeTruthy();
  });
});
