// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { checkpointWords } from '../../../../src/renderer/views/train/checkpoint-words.ts';
import { openPage, type TestPage } from '../page.ts';

let page: TestPage;
afterEach(() => page.close());

it('one checkpoint of a run is measured, by its step', { timeout: 30_000 }, async () => {
  const evaluation = { benchmarks: 1, subjects: 0, pairs: 20, images: 20 };
  page = await openPage({ faces: 20, runs: { count: 2, steps: 3000 }, evaluation });
  const run = [...page.far.world.runs.values()].find(({ checkpoints }) => checkpoints.length > 1);
  const [checkpoint] = run?.checkpoints ?? [];
  if (run === undefined || checkpoint === undefined) throw new Error('a run with checkpoints');
  page.app.router.go('evaluate', {});
  page.app.evaluate.dialog = { kind: 'measure', benchmarks: [...page.far.evaluations.benchmarks.keys()] };
  const dialog = await screen.findByRole('dialog', { name: 'Measure networks' });
  await fireEvent.click(
    await within(dialog).findByRole('checkbox', { name: (name) => name.startsWith(run.name) }),
  );
  const select = within(dialog).getByRole<HTMLSelectElement>('combobox', {
    name: `Checkpoint of ${run.name}`,
  });
  await within(select).findByRole('option', { name: checkpointWords(checkpoint) });
  await fireEvent.change(select, { target: { value: String(checkpoint.step) } });
  const call = vi.spyOn(page.app, 'call');
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Measure' }));
  await waitFor(() =>
    expect(call.mock.calls.find(([method]) => method === 'evaluations.start')?.[1]).toMatchObject({
      runs: [{ run: run.id, checkpoint: checkpoint.step }],
    }),
  );
});
