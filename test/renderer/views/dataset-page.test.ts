// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

describe('the page of a dataset', () => {
  it('says that the dataset is not there, and offers nothing to do with it', async () => {
    page = await openPage({ faces: 40 });
    page.app.router.go('datasets', { dataset: 9999 });
    expect((await screen.findByRole('alert')).textContent).toContain('there is no dataset 9999');
    expect(screen.getByRole('heading', { name: 'Dataset', level: 1 })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Find people' })).toBeNull();
    expect(screen.queryByRole('searchbox')).toBeNull();
    expect(screen.queryByText('No photographs here')).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'All datasets' }));
    expect(await screen.findByRole('heading', { name: 'Datasets', level: 1 })).toBeTruthy();
  });

  it('finds people once at a time', async () => {
    page = await openPage({ faces: 40 });
    const [first] = await page.app.call('datasets.list', {});
    page.app.router.go('datasets', { dataset: first?.id ?? 0 });
    await screen.findByRole('heading', { name: first?.name ?? '', level: 1 });
    const find = screen.getByRole('button', { name: 'Find people' });
    await fireEvent.click(find);
    await waitFor(() => expect(find).toHaveProperty('disabled', true));
  });
});
