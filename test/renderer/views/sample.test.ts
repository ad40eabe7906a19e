// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

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
    await page.app.call('sample.wait', {});
    expect(await screen.findByRole('button', { name: 'Look at: Step search' })).toBeTruthy();
    expect(screen.getByText('133 of 140')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Open the search' }));
    expect(location.hash).toBe('#/search');
    await waitFor(() => expect(page.app.search.picture).toEqual({ face: 1 }));
  });
});
