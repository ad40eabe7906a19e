import {
  type BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  MessageChannelMain,
  type MessagePortMain,
} from 'electron';
import { error } from '../../../core/base/errors.ts';
import { isPageUrl } from '../desktop/scheme.ts';

const pictures = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif', 'bmp', 'ppm', 'pgm'];
const sources = [...pictures, 'zip', 'tar', 'tgz', 'gz', 'txt', 'csv', 'onnx', 'pth', 'pt', 'json'];

/** The page's own top frame, and nothing that it may have been made to embed. */
function fromPage(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isPageUrl(frame.url);
}

async function openPaths(window: BrowserWindow, kind: unknown): Promise<string[]> {
  if (kind !== 'folder' && kind !== 'files') {
    throw error('host/bad-request', { detail: 'openPaths takes "folder" or "files"' });
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(
    window,
    kind === 'folder'
      ? { title: 'Choose a folder', properties: ['openDirectory'] }
      : {
          title: 'Choose files',
          properties: ['openFile', 'multiSelections'],
          filters: [
            { name: 'Pictures, archives, lists, models', extensions: sources },
            { name: 'All files', extensions: ['*'] },
          ],
        },
  );
  return canceled ? [] : filePaths;
}

/** Answers the preload of the window: file dialogs, and a port to the application for every page that is ready. */
export function answerPage(window: BrowserWindow, connect: (port: MessagePortMain) => void): void {
  ipcMain.removeHandler('lineament:open-paths');
  ipcMain.handle('lineament:open-paths', (event, kind: unknown) => {
    if (!fromPage(event)) throw error('host/foreign-request');
    return openPaths(window, kind);
  });
  ipcMain.removeAllListeners('lineament:ready');
  ipcMain.on('lineament:ready', (event) => {
    if (!fromPage(event)) return;
    const { port1, port2 } = new MessageChannelMain();
    connect(port1);
    event.senderFrame?.postMessage('lineament:port', null, [port2]);
  });
}
