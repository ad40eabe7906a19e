// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

describe('the interface', () => {
  it('offers the import where there is nothing', async () => {
    page = await openPage({ faces: 0 });
    expect(await screen.findByText('Start with photographs')).toBeTruthy();
    expect(screen.getAllByRole('button', { name: 'Import photographs' }).length).toBe(2);
  });

  it('lists datasets; removing one says so and can be taken back', async () => {
    page = await openPage({ faces: 80 });
    await fireEvent.click(await screen.findByRole('button', { name: 'Remove Portraits' }));
    const toast = await screen.findByText('Removed “Portraits”');
    expect(toast).toBeTruthy();
    const notes = screen.getByRole('status', { name: 'Notes' });
    await fireEvent.click(within(notes).getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Undone: Removed “Portraits”')).toBeTruthy();
    expect(await screen.findByRole('button', { name: 'Remove Portraits' })).toBeTruthy();
  });

  it('finds people by three jobs in a row', async () => {
    page = await openPage({ faces: 80 });
    const [find] = await screen.findAllByRole('button', { name: 'Find people' });
    if (find === undefined) throw new Error('no button');
    await fireEvent.click(find);
    const panel = await screen.findByRole('complementary', { name: 'Jobs' });
    expect(await within(panel).findByText('Align Portraits')).toBeTruthy();
    expect(within(panel).getByText('Embed Portraits')).toBeTruthy();
    expect(within(panel).getByText('Cluster all datasets')).toBeTruthy();
    const kinds = [...page.far.world.jobs.values()].map((job) => job.kind);
    expect(kinds).toEqual(['align', 'embed', 'cluster']);
  });

  it('shows an error with what to do and its code', async () => {
    page = await openPage({ faces: 40, failing: new Set(['datasets.list']) });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('datasets.list was told to fail');
    expect(alert.textContent).toContain('This is a defect');
    expect(alert.textContent).toContain('app/internal');
  });

  it('runs a command from the palette', async () => {
    page = await openPage({ faces: 40 });
    await fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    const field = await screen.findByRole('combobox', { name: 'Find a command' });
    await fireEvent.input(field, { target: { value: 'go models' } });
    expect(screen.getAllByRole('option')).toHaveLength(1);
    await fireEvent.keyDown(field, { key: 'Enter' });
    expect(await screen.findByRole('heading', { name: 'Models', level: 1 })).toBeTruthy();
  });
});

describe('the gallery', () => {
  it('names what keys selected', async () => {
    page = await openPage({ faces: 80 });
    page.app.router.go('gallery');
    const grid = await screen.findByRole('grid', { name: /^Faces: [1-9]/ });
    await fireEvent.keyDown(grid, { key: 'Home' });
    await fireEvent.keyDown(grid, { key: 'ArrowRight', shiftKey: true });
    await fireEvent.keyDown(grid, { key: 'ArrowRight', shiftKey: true });
    expect(await screen.findByText('3 faces')).toBeTruthy();
    await fireEvent.keyDown(grid, { key: 'n' });
    const field = await screen.findByRole('combobox', { name: 'Name for 3 faces' });
    await fireEvent.input(field, { target: { value: 'Grace' } });
    await fireEvent.keyDown(field, { key: 'Enter' });
    expect(await screen.findByText('Named 3 faces “Grace”')).toBeTruthy();
    const named = [...page.far.world.faces.values()].filter((face) => face.person === 'Grace');
    expect(named).toHaveLength(3);
    await fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true });
    expect(await screen.findByText('Undone: Named 3 faces “Grace”')).toBeTruthy();
    expect([...page.far.world.faces.values()].some((face) => face.person === 'Grace')).toBe(false);
  });

  it('selects all that the filter lets through', async () => {
    page = await openPage({ faces: 400 });
    page.app.gallery.person = 'unnamed';
    page.app.router.go('gallery');
    const grid = await screen.findByRole('grid', { name: /^Faces: [1-9]/ });
    await fireEvent.keyDown(grid, { key: 'a', ctrlKey: true });
    const unnamed = [...page.far.world.faces.values()].filter((face) => face.personId === null).length;
    const bar = await screen.findByRole('toolbar', { name: 'Selected faces' });
    expect(bar.textContent).toContain(`${unnamed} faces`);
  });
});
