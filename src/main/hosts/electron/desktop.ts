import { app, type BrowserWindow, dialog, type MessagePortMain, protocol } from 'electron';
import type { ErrorInfo } from '../../../core/base/errors.ts';
import type { DesktopArguments } from '../desktop/arguments.ts';
import { pageHandler } from '../desktop/page-response.ts';
import { pageUrl, scheme } from '../desktop/scheme.ts';
import { superviseApp } from '../desktop/supervisor.ts';
import { openPageFiles } from '../page/files.ts';
import { rendererDir, version } from '../places.ts';
import { forkApp } from './app-child.ts';
import { setMenu } from './app-menu.ts';
import { answerPage } from './page-calls.ts';
import { openWindow } from './window.ts';

/** Says what stopped and how, and lets the user choose to go on. */
async function askToGoOn(message: string, detail: string, goOn: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Lineament',
    message,
    detail,
    buttons: [goOn, 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

/** A page that crashed is loaded again if the user wants it; the application goes on without it meanwhile. */
function watchPage(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    void askToGoOn('The window stopped.', `Reason: ${reason}. Jobs go on.`, 'Show it again').then((again) => {
      if (again) window.webContents.reload();
      else app.quit();
    });
  });
}

/** Runs the desktop application until it quits. */
export async function runDesktop(options: DesktopArguments): Promise<void> {
  await app.whenReady();
  const files = await openPageFiles(rendererDir);
  const gaveUp = (reason: ErrorInfo): void => {
    void askToGoOn(reason.message, reason.hint, 'Start again').then((again) => {
      if (again) supervisor.restart();
      else app.quit();
    });
  };
  const supervisor = superviseApp<MessagePortMain>({
    fork: () => forkApp(options.dataDir, version()),
    now: () => performance.now(),
    later: (run, milliseconds) => void setTimeout(run, milliseconds).unref(),
    onGaveUp: gaveUp,
  });
  protocol.handle(scheme, pageHandler(files, supervisor.media));

  const { window, saved } = await openWindow();
  answerPage(window, supervisor.connect);
  watchPage(window);
  setMenu(options.development, (action) => window.webContents.send('lineament:menu', action));

  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    // The window is gone; the application first writes out what it holds.
    event.preventDefault();
    void Promise.all([supervisor.close(), saved()]).finally(() => app.exit(0));
  });
  await window.loadURL(pageUrl);
}
