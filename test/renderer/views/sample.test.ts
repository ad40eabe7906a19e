// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { toErrorInfo } from '../../../src/core/base/errors.ts';
import type { Job } from '../../../src/core/contract/jobs.ts';
import type { Sample } from '../../../src/core/contract/sample.ts';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

/** A job that has just ended. */
const ended = (id: number, state: 'done' | 'failed'): Job => ({
  ...{
    id,
    kind: 'align',
    title: `Align ${id}`,
    datasetId: null,
    state,
    done: 1,
    total: 1,
    unit: 'photographs',
  },
  ...{ rate: null, etaSeconds: null, error: null, logTail: [], createdAt: 0, startedAt: 0, finishedAt: 1 },
  ...{ summary: {}, canContinue: false },
});
const said = (): string[] => page.app.toasts.list.map(({ text }) => text);

/** Starts the sample project and says which job it is at. */
async function sampleAt(job: number): Promise<Sample> {
  await page.app.openSample();
  const { value } = page.app.sample;
  if (value === null) throw new Error('no sample');
  const running = { ...value, job };
  page.app.sample.changed(running);
  return running;
}

describe('the sample project', () => {
  it('is offered where there is nothing; one click starts it', async () => {
    page = await openPage({ faces: 0 });
    await fireEvent.click(await screen.findByRole('button', { name: 'Open the sample project' }));
    expect(await screen.findByRole('heading', { name: 'Sample project', level: 1 })).toBeTruthy();
    expect(page.far.calls.get('sample.start')).toBe(1);
    expect(location.hash).toBe('#/datasets?sample=1');
    const steps = await screen.findAllByRole('listitem');
    const current = steps.filter((step) => step.getAttribute('aria-current') === 'step');
    expect(current.map((step) => step.textContent)).toEqual([expect.stringContaining('Step import')]);
    const bar = within(current[0] ?? document.body).getByRole('progressbar');
    expect(bar.getAttribute('aria-valuenow')).toBe('25');
    expect(screen.getByText(/Nobody here exists/)).toBeTruthy();
  });

  it('is stopped and goes on; what is done can be looked at, and ends in a search', async () => {
    page = await openPage({ faces: 40 });
    await page.app.openSample();
    await fireEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    expect(await screen.findByRole('button', { name: 'Go on' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Open the search' })).toBeNull();
    page.app.router.go('datasets');
    await fireEvent.click(
      await screen.findByRole('link', { name: /^Sample project Stopped at step 2 of 10/ }),
    );
    await page.app.call('sample.wait', {});
    expect(await screen.findByRole('button', { name: 'Look at: Step search' })).toBeTruthy();
    expect(screen.getByText('133 of 140')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Open the search' }));
    expect(location.hash).toBe('#/search');
    await waitFor(() => expect(page.app.search.picture).toEqual({ face: 1 }));
  });

  it('says once that it is done, not after each of its steps; other jobs are told of', async () => {
    page = await openPage({ faces: 0 });
    await sampleAt(71);
    page.app.jobs.changed(ended(71, 'done'));
    expect(said()).toEqual([]);
    page.app.jobs.changed(ended(72, 'done'));
    expect(said()).toEqual(['Align 72: done.']);
    await page.app.call('sample.wait', {});
    expect(said()).toEqual(['Align 72: done.', 'The sample project is done.']);
    expect(page.app.toasts.list.at(-1)?.action).toBeUndefined(); // its page is open
  });

  it('says why it failed to those who are elsewhere, and leads to its page', async () => {
    page = await openPage({ faces: 0 });
    const running = await sampleAt(71);
    page.app.router.go('models');
    page.app.jobs.changed(ended(71, 'failed'));
    const error = toErrorInfo(new Error('no room'));
    page.app.sample.changed({ ...running, state: 'failed', job: null, error });
    expect(said()).toEqual([`The sample project failed: ${error.message}`]);
    await fireEvent.click(await screen.findByRole('button', { name: 'Show' }));
    expect(await screen.findByRole('button', { name: 'Go on' })).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain(error.message);
  });
});
