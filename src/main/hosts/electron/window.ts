import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { lockContents, lockSession } from '../desktop/lockdown.ts';
import { windowOptions } from '../desktop/window-options.ts';
import { readState, validState, writeState } from '../desktop/window-state.ts';

export interface PageWindow {
  readonly window: BrowserWindow;
  /** Resolves when the place of a closed window is stored. */
  saved(): Promise<void>;
}

/** Opens the window where it was last time, and shows it once it has painted. Load `pageUrl` to begin. */
export async function openWindow(): Promise<PageWindow> {
  const file = join(app.getPath('userData'), 'window.json');
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const state = validState(await readState(file), workAreas);
  const preload = fileURLToPath(new URL('./preload.cjs', import.meta.url));
  const window = new BrowserWindow(windowOptions(preload, state, nativeTheme.shouldUseDarkColors));
  lockSession(window.webContents.session);
  lockContents(window.webContents);
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());

  let saved: Promise<void> = Promise.resolve();
  window.on('close', () => {
    const bounds = window.getNormalBounds();
    const maximized = window.isMaximized();
    saved = writeState(file, { bounds, maximized }).catch((thrown: unknown) => console.error(thrown));
  });
  return { window, saved: () => saved };
}
