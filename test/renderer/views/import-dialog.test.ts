// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

const choice = () => screen.findByRole('checkbox', { name: 'The pictures are aligned crops already' });

describe('the import dialog', () => {
  it('says when pictures look like aligned crops, and imports them as such where that is chosen', async () => {
    page = await openPage({ faces: 0 });
    const call = vi.spyOn(page.app, 'call');
    page.app.dropped = { paths: ['/data/crops'] };
    page.app.opened = 'import';
    const box = await choice();
    await screen.findByText(
      'All 24 pictures looked at are square, 112 × 112 pixels: they may be aligned already.',
    );
    expect(box).toHaveProperty('checked', false); // it is a guess
    await fireEvent.click(box);
    await fireEvent.click(screen.getByRole('button', { name: 'Import' }));
    await vi.waitFor(() =>
      expect(call).toHaveBeenCalledWith('datasets.import', {
        ...{ paths: ['/data/crops'], name: 'crops', kind: 'auto', copy: false, aligned: true },
      }),
    );
  });

  it('says nothing of photographs, but warns where they are taken for crops', async () => {
    page = await openPage({ faces: 0 });
    page.app.dropped = { paths: ['/data/party'] };
    page.app.opened = 'import';
    const box = await choice();
    await vi.waitFor(() =>
      expect(screen.getByLabelText('Name of the dataset')).toHaveProperty('value', 'party'),
    );
    await fireEvent.click(box);
    await screen.findByText(/Those that are not square will be left out/);
    await fireEvent.click(box);
    expect(screen.queryByText(/square/)).toBeNull();
  });
});
