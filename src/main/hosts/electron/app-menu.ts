import { Menu, type MenuItemConstructorOptions } from 'electron';
import { type MenuEntry, menus } from '../desktop/menu.ts';

function item(entry: MenuEntry, send: (action: string) => void): MenuItemConstructorOptions {
  if ('separator' in entry) return { type: 'separator' };
  if ('role' in entry) return { role: entry.role };
  const { label, action, accelerator } = entry;
  const click = (): void => send(action);
  return accelerator === undefined ? { label, click } : { label, accelerator, click };
}

/** Sets the application's menu; `send` gets the id of the action that was chosen. */
export function setMenu(development: boolean, send: (action: string) => void): void {
  const template = menus(process.platform, development).map(({ label, entries }) => ({
    label,
    submenu: entries.map((entry) => item(entry, send)),
  }));
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
