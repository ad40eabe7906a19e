// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

/** The page of a version, after a model has looked at it. */
async function looked(): Promise<number> {
  page = await openPage({ faces: 300 });
  const [dataset = 0] = [...page.far.world.datasets.keys()];
  const { id } = await page.app.call('versions.create', { datasets: [dataset], name: 'Cast' });
  page.app.router.go('datasets', { versions: 1 });
  await fireEvent.click(await screen.findByRole('button', { name: 'Clean' }));
  await screen.findByText('Not looked at by this model yet');
  const [look] = screen.getAllByRole<HTMLButtonElement>('button', { name: 'Look for wrong names' });
  await waitFor(() => expect(look?.disabled).toBe(false)); // the models are there
  await fireEvent.click(look ?? document.body);
  await screen.findByRole('slider', { name: /Leave out below/ });
  return id;
}
const number = (name: RegExp): number =>
  Number(screen.getByRole('button', { name }).textContent?.match(/\d+/)?.[0]);

describe('the page of wrong names', () => {
  it('shows what would be changed; what is refused is not', { timeout: 60_000 }, async () => {
    await looked();
    await waitFor(() => expect(number(/^Another’s/)).toBe(24));
    expect(screen.getByText(/24 get another name/)).toBeTruthy();
    const [cell] = await screen.findAllByRole('gridcell', { name: /Ada: becomes Bao/ });
    await fireEvent.click(cell ?? document.body);
    await screen.findByText(/23 get another name/);
    expect(screen.getByRole('gridcell', { name: /kept as it is/ })).toBeTruthy();
    const before = number(/^Nobody’s/);
    const slider = screen.getByRole('slider', { name: /Leave out below/ });
    await fireEvent.input(slider, { target: { value: '0' } });
    await waitFor(() => expect(number(/^Nobody’s/)).toBeLessThan(before));
    await fireEvent.click(screen.getByRole('button', { name: 'As the data says' }));
    await waitFor(() => expect(number(/^Nobody’s/)).toBe(before));
  });

  it('makes a version, says what was changed, and takes changes back', { timeout: 60_000 }, async () => {
    const id = await looked();
    await fireEvent.click(await screen.findByRole('button', { name: /^Two names/ }));
    await fireEvent.click(await screen.findByRole('checkbox', { name: /Dana may be Ada/ }));
    await screen.findByText(/12 are merged/);
    await fireEvent.click(screen.getByRole('button', { name: 'Make version' }));
    expect(await screen.findByRole('heading', { name: 'Changes in Cast cleaned' })).toBeTruthy();
    expect(await screen.findByText(/24 pictures got another name/)).toBeTruthy();
    const back = screen.getByRole('button', { name: /^Take/ });
    expect(back.hasAttribute('disabled')).toBe(true);
    const [cell] = await screen.findAllByRole('gridcell', { name: /became/ });
    await fireEvent.click(cell ?? document.body);
    await fireEvent.click(screen.getByRole('button', { name: 'Take 1 back' }));
    await screen.findByRole('heading', { name: 'Dataset versions' });
    expect(page.far.calls.get('cleaning.takeBack')).toBe(1);
    expect((await screen.findByText('cleaned from Cast')).getAttribute('href')).toMatch(/changes=\d+/);
    expect(page.far.world.versions.has(id)).toBe(true);
  });
});
