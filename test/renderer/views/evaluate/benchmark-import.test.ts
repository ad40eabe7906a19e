// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { uploadPath } from '../../../../src/core/contract/media.ts';
import { openPage, type TestPage } from '../page.ts';

let page: TestPage;
afterEach(() => {
  page.close();
  vi.unstubAllGlobals();
});

/** What was sent, by name; the answer is an id that the fake application takes for a file of that kind. */
function uploads(): string[] {
  const sent: string[] = [];
  const answer = async (path: unknown, init?: RequestInit): Promise<Response> => {
    const name = decodeURIComponent(new Headers(init?.headers).get('x-lineament-name') ?? '');
    if (path === uploadPath) sent.push(name);
    return new Response(JSON.stringify({ upload: 'abc.bin' }));
  };
  vi.stubGlobal('fetch', answer);
  return sent;
}

describe('a benchmark of the user’s own machine, in a browser', { timeout: 30_000 }, () => {
  it('is sent when it is dropped, and imported by its upload', async () => {
    page = await openPage({ faces: 0, evaluation: { benchmarks: 0, subjects: 0, pairs: 0, images: 0 } });
    const sent = uploads();
    page.app.router.go('evaluate', {});
    const file = new File(['bytes'], 'agedb_30.bin');
    page.app.dropped = { files: Promise.resolve([{ file, name: file.name }]) };
    page.app.evaluate.dialog = { kind: 'import' };
    const dialog = await screen.findByRole('dialog', { name: 'Import benchmark' });
    expect(await within(dialog).findByText('sent from here')).toBeTruthy();
    expect(sent).toEqual(['agedb_30.bin']);
    expect(await within(dialog).findByText(/InsightFace .bin: 600 pairs/)).toBeTruthy();
    await fireEvent.input(within(dialog).getByRole('textbox', { name: 'Name' }), {
      target: { value: 'Mine' },
    });
    const call = vi.spyOn(page.app, 'call');
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Import' }));
    await waitFor(() =>
      expect(call.mock.calls.find(([method]) => method === 'benchmarks.import')?.[1]).toMatchObject({
        ...{ path: 'upload:abc.bin', format: 'bin', name: 'Mine' },
      }),
    );
  });

  it('is one file: a folder is refused with what to do, and a file can be left out again', async () => {
    page = await openPage({ faces: 0, evaluation: { benchmarks: 0, subjects: 0, pairs: 0, images: 0 } });
    const sent = uploads();
    page.app.router.go('evaluate', {});
    page.app.evaluate.dialog = { kind: 'import' };
    const dialog = await screen.findByRole('dialog', { name: 'Import benchmark' });
    const files = ['lfw/1.jpg', 'lfw/2.jpg'].map((name) => ({ file: new File(['x'], name), name }));
    page.app.dropped = { files: Promise.resolve(files) };
    expect(await within(dialog).findByText(/Pack it as a zip or tar archive/)).toBeTruthy();
    expect(sent).toEqual([]);
    const chooser = dialog.querySelector<HTMLInputElement>('input[type=file]');
    if (chooser === null) throw new Error('no field for files');
    Object.defineProperty(chooser, 'files', { value: [new File(['x'], 'lfw.zip')] });
    await fireEvent.change(chooser);
    await fireEvent.click(await within(dialog).findByRole('button', { name: 'Leave out lfw.zip' }));
    expect(sent).toEqual(['lfw.zip']);
    expect(within(dialog).getByRole('textbox', { name: /^Folder or file/ })).toBeTruthy();
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Import' }).disabled).toBe(true);
  });
});
