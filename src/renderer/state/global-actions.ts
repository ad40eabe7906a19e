import type { Action } from './actions.svelte.ts';
import type { App } from './app.svelte.ts';
import type { View } from './router.svelte.ts';

export const viewTitles: Readonly<Record<View, string>> = {
  datasets: 'Datasets',
  align: 'Align',
  gallery: 'Gallery',
  search: 'Search',
  people: 'People',
  train: 'Train',
  evaluate: 'Evaluate',
  models: 'Models',
  settings: 'Settings',
};

/** What can be done everywhere. */
export function globalActions(app: App): readonly Action[] {
  const goTo = Object.entries(viewTitles).map(
    ([view, title], i): Action => ({
      id: `view.${view}`,
      title: `Go to ${title}`,
      group: 'Go to',
      shortcut: `alt+${i + 1}`,
      run: () => app.router.go(view as View),
    }),
  );
  return [
    ...goTo,
    {
      id: 'palette',
      title: 'Show all commands',
      group: 'General',
      shortcut: 'mod+k',
      run: () => (app.opened = 'palette'),
    },
    {
      id: 'shortcuts',
      title: 'Show keyboard shortcuts',
      group: 'General',
      shortcut: '?',
      run: () => (app.opened = 'shortcuts'),
    },
    {
      id: 'undo',
      title: 'Undo',
      group: 'General',
      shortcut: 'mod+z',
      run: () => app.undo(),
    },
    {
      id: 'redo',
      title: 'Redo',
      group: 'General',
      shortcut: 'mod+shift+z',
      also: ['mod+y'],
      run: () => app.redo(),
    },
    { id: 'history', title: 'Show history', group: 'General', run: () => (app.opened = 'history') },
    {
      id: 'import',
      title: 'Import photographs',
      group: 'Datasets',
      shortcut: 'mod+i',
      run: () => (app.opened = 'import'),
    },
    { id: 'sample', title: 'Open the sample project', group: 'Datasets', run: () => app.openSample() },
    {
      id: 'train.new',
      title: 'New training run',
      group: 'Train',
      ...(app.router.view === 'train' ? { shortcut: 'n' } : {}),
      run: () => app.router.go('train', { new: 1 }),
    },
    {
      id: 'evaluate.measure',
      title: 'Measure networks…',
      group: 'Evaluate',
      ...(app.router.view === 'evaluate' ? { shortcut: 'n' } : {}),
      run: () => {
        if (app.router.view !== 'evaluate') app.router.go('evaluate');
        app.evaluate.dialog = { kind: 'measure' };
      },
    },
    {
      id: 'evaluate.import',
      title: 'Import a benchmark…',
      group: 'Evaluate',
      run: () => {
        if (app.router.view !== 'evaluate') app.router.go('evaluate');
        app.evaluate.dialog = { kind: 'import' };
      },
    },
    {
      id: 'jobs',
      title: app.jobs.open ? 'Hide jobs' : 'Show jobs',
      group: 'General',
      shortcut: 'mod+j',
      run: () => (app.jobs.open = !app.jobs.open),
    },
    ...(['system', 'light', 'dark'] as const).map(
      (theme): Action => ({
        id: `theme.${theme}`,
        title: `Use the ${theme === 'system' ? 'system’s' : theme} theme`,
        group: 'Appearance',
        run: () => app.change({ theme }),
      }),
    ),
  ];
}
