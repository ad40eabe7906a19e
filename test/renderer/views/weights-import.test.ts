// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openPage, type TestPage } from './page.ts';

let page: TestPage;
afterEach(() => page.close());

/** Opens the dialog of the Models view on a file. */
async function choose(name: string): Promise<void> {
  page = await openPage({ faces: 0 });
  page.app.router.go('models');
  await fireEvent.click(await screen.findByRole('button', { name: 'Import model' }));
  await fireEvent.click(await screen.findByRole('button', { name }));
}

describe('a checkpoint of PyTorch in the Models view', () => {
  it('is recognised, and becomes a model with what was stated of its pixels', async () => {
    await choose('backbone.pth');
    const call = vi.spyOn(page.app, 'call');
    await screen.findByText(
      /283 of 283 tensors. Names as in FaceX-Zoo \(in state_dict, behind backbone., epoch 17\)/,
    );
    expect(screen.getByText('Left out: not of the network: 1')).toBeTruthy();
    expect(screen.getByLabelText('Colour order')).toHaveProperty('value', 'bgr');
    expect(screen.getByLabelText('Deviation')).toHaveProperty('value', '128');
    await fireEvent.input(screen.getByLabelText('Deviation'), { target: { value: '127.5' } });
    await fireEvent.input(screen.getByLabelText('Id among the models'), { target: { value: 'mine' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Make a model' }));
    await vi.waitFor(() =>
      expect(call).toHaveBeenCalledWith(
        'weights.import',
        {
          ...{ path: '/home/ada/backbone.pth', backbone: 'mobilefacenet', size: 112, model: 'mine' },
          pixels: { order: 'bgr', mean: 127.5, deviation: 127.5 },
        },
        expect.anything(),
      ),
    );
    await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('of another network shows what is missing, and makes nothing', async () => {
    await choose('backbone.pth');
    await screen.findByText(/283 of 283/);
    await vi.waitFor(() => expect(screen.getByLabelText('Network').children.length).toBeGreaterThan(3));
    await fireEvent.change(screen.getByLabelText('Network'), { target: { value: 'ir-50' } });
    await screen.findByText(/1 of 200 tensors. Names as in face.evoLVe\./);
    expect(screen.getByText('incomplete')).toBeTruthy();
    expect(screen.getByText('conv1.weight: 64 × 3 × 3 × 3 instead of 64 × 3 × 7 × 7')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Make a model' })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Another file' }));
    expect(await screen.findByRole('button', { name: 'backbone.pth' })).toBeTruthy();
  });

  it('that is damaged says so', async () => {
    await choose('no.pth');
    await screen.findByText(/The checkpoint \/home\/ada\/no.pth is damaged: it is cut off/);
  });
});
