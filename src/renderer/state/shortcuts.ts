/** Shortcuts are written like `mod+shift+z`, `alt+1`, `delete`, `?`; `mod` is Ctrl, or Command on a Mac. */

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** True where the press is the shortcut. Shift counts only for letters and named keys: `?` already needs it. */
export function matches(shortcut: string, press: KeyPress): boolean {
  const parts = shortcut.split('+');
  const key = (parts.pop() ?? '').toLowerCase();
  const mod = press.ctrlKey || press.metaKey;
  if (press.key.toLowerCase() !== (key === 'space' ? ' ' : key)) return false;
  if (mod !== parts.includes('mod') || press.altKey !== parts.includes('alt')) return false;
  const shiftMatters = /^[a-z]$/.test(key) || key.length > 1;
  return !shiftMatters || press.shiftKey === parts.includes('shift');
}

const names: Readonly<Record<string, string>> = {
  alt: 'Alt',
  shift: 'Shift',
  delete: 'Del',
  escape: 'Esc',
  enter: 'Enter',
  space: 'Space',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
};

/** As a person reads it: `Ctrl`, `Shift`, `Z`. */
export function keyNames(shortcut: string, mac = false): readonly string[] {
  return shortcut.split('+').map((part) => {
    if (part === 'mod') return mac ? '⌘' : 'Ctrl';
    return names[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

/** Where keys write text, so that plain letters are no shortcuts. */
export function writesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
  );
}
