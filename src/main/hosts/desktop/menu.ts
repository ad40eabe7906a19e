/** The application's menu as data; `action` is the id of an action of the interface. */

type Role =
  | 'about'
  | 'close'
  | 'copy'
  | 'cut'
  | 'hide'
  | 'hideOthers'
  | 'minimize'
  | 'paste'
  | 'quit'
  | 'reload'
  | 'resetZoom'
  | 'selectAll'
  | 'toggleDevTools'
  | 'togglefullscreen'
  | 'unhide'
  | 'zoomIn'
  | 'zoomOut';

export interface MenuAction {
  readonly label: string;
  readonly action: string;
  readonly accelerator?: string;
}

export type MenuEntry =
  | MenuAction
  /** What Electron does by itself. */
  | { readonly role: Role }
  | { readonly separator: true };

export interface Menu {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}

const separator = { separator: true } as const;

const file: readonly MenuEntry[] = [
  { label: 'Import…', action: 'import', accelerator: 'CmdOrCtrl+O' },
  separator,
  { label: 'Settings', action: 'view.settings', accelerator: 'CmdOrCtrl+,' },
];

/** Undo and redo are the interface's; while a text field has the focus the preload gives them to the text. */
const edit: readonly MenuEntry[] = [
  { label: 'Undo', action: 'undo', accelerator: 'CmdOrCtrl+Z' },
  { label: 'Redo', action: 'redo', accelerator: 'CmdOrCtrl+Shift+Z' },
  separator,
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
];

const help: readonly MenuEntry[] = [
  { label: 'Command palette', action: 'palette' },
  { label: 'Keyboard shortcuts', action: 'shortcuts' },
];

const developer: readonly MenuEntry[] = [separator, { role: 'reload' }, { role: 'toggleDevTools' }];

/** `development` adds what is of use only to who works on Lineament itself. */
export function menus(platform: string, development: boolean): readonly Menu[] {
  const mac = platform === 'darwin';
  const view: readonly MenuEntry[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    ...(development ? developer : []),
  ];
  const window: readonly MenuEntry[] = [{ role: 'minimize' }, { role: 'close' }];
  const own: readonly MenuEntry[] = [
    { role: 'about' },
    separator,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    separator,
    { role: 'quit' },
  ];
  return [
    ...(mac ? [{ label: 'Lineament', entries: own }] : []),
    { label: 'File', entries: mac ? file : [...file, separator, { role: 'quit' }] },
    { label: 'Edit', entries: edit },
    { label: 'View', entries: view },
    { label: 'Window', entries: window },
    { label: 'Help', entries: mac ? help : [...help, separator, { role: 'about' }] },
  ];
}
