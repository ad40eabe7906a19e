// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

/** Named people, clusters and suggestions are one list with different cards. */
describe('the lists of people', () => {
  it('choose two named people for merging, and let go of them', async () => {
    page = await openPage({ faces: 80 });
    page.app.router.go('people', { tab: 'people' });
    const list = await screen.findByRole('region', { name: /^People: [1-9]/ });
    const boxes = await within(list).findAllByRole('checkbox');
    const [one, two] = boxes;
    if (one === undefined || two === undefined) return expect.fail('fewer than two people');
    await fireEvent.click(one);
    expect(screen.getByText('1 person chosen')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Merge…' })).toHaveProperty('disabled', true);
    await fireEvent.click(two);
    expect(screen.getByText('2 people chosen')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Merge…' }));
    expect(await screen.findByRole('dialog')).toBeTruthy();
    await fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Cancel' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(screen.queryByText(/chosen$/)).toBeNull();
    expect(one).toHaveProperty('checked', false);
  });

  it('say what is missing where they are empty, and errors instead of that', async () => {
    page = await openPage({ faces: 0 });
    page.app.router.go('people', {});
    expect(await screen.findByText('No unnamed cluster')).toBeTruthy();
    page.app.router.go('people', { tab: 'suggestions' });
    expect(await screen.findByText('No suggestions')).toBeTruthy();
    page.close();
    page = await openPage({ faces: 40, failing: new Set(['people.page']) });
    page.app.router.go('people', { tab: 'people' });
    expect((await screen.findByRole('alert')).textContent).toContain('people.page was told to fail');
    expect(screen.queryByText('Nobody has a name yet')).toBeNull();
  });
});
