import type { Run } from '../../../core/contract/runs.ts';
import type { Action } from '../../state/actions.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import { canEnd, canGoOn, isUnderWay } from '../../text/run-words.ts';

/** Dialogs about runs. */
export type RunDialog =
  | { readonly kind: 'stop' | 'rename' | 'fork' | 'export' | 'batch'; readonly run: Run }
  | { readonly kind: 'remove'; readonly runs: readonly Run[] };

/** What can be done with one run: in its page, in the list, by keys and from the palette. */
export function runActions(app: App, run: Run, open: (dialog: RunDialog) => void): readonly Action[] {
  const group = 'Run';
  return [
    {
      ...{ id: 'run.pause', title: 'Pause', group, shortcut: 'p' },
      enabled: () => isUnderWay(run),
      run: () => app.runs.pause(run),
    },
    {
      ...{ id: 'run.continue', title: 'Continue', group, shortcut: 'c' },
      enabled: () => canGoOn(run),
      run: () => app.runs.resume(run),
    },
    {
      ...{ id: 'run.stop', title: 'Stop…', group },
      enabled: () => canEnd(run),
      run: () => open({ kind: 'stop', run }),
    },
    {
      ...{ id: 'run.batch', title: 'Look at the batch', group, shortcut: 'b' },
      enabled: () => run.step > 0,
      run: () => open({ kind: 'batch', run }),
    },
    {
      ...{ id: 'run.export', title: 'Export…', group, shortcut: 'e' },
      enabled: () => run.step > 0,
      run: () => open({ kind: 'export', run }),
    },
    {
      ...{ id: 'run.fork', title: 'Fork…', group, shortcut: 'f' },
      enabled: () => run.step > 0,
      run: () => open({ kind: 'fork', run }),
    },
    {
      ...{ id: 'run.again', title: 'New run from this recipe', group },
      run: () => app.router.go('train', { new: 1, from: run.id }),
    },
    {
      ...{ id: 'run.rename', title: 'Rename…', group, shortcut: 'r' },
      run: () => open({ kind: 'rename', run }),
    },
    {
      ...{ id: 'run.remove', title: 'Remove…', group, shortcut: 'delete' },
      enabled: () => !isUnderWay(run),
      run: () => open({ kind: 'remove', runs: [run] }),
    },
  ];
}
