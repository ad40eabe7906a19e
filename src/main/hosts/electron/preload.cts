/**
 * Runs in the sandbox, before the page and apart from it. It gives the page three functions and a port to the
 * application, and nothing of Electron.
 */
const { contextBridge, ipcRenderer, webUtils } = require('electron') as typeof import('electron');

/** A text field undoes its own changes; anywhere else undo is the application's. */
function textUndoes(action: string): boolean {
  if (action !== 'undo' && action !== 'redo') return false;
  const focused = document.activeElement;
  const text =
    focused instanceof HTMLTextAreaElement ||
    (focused instanceof HTMLInputElement &&
      /^(text|search|number|url|email|password|tel)$/.test(focused.type)) ||
    (focused instanceof HTMLElement && focused.isContentEditable);
  return text && document.execCommand(action);
}

contextBridge.exposeInMainWorld('lineamentHost', {
  pathForFile: (file: File): string => webUtils.getPathForFile(file),
  openPaths: (kind: 'folder' | 'files'): Promise<string[]> =>
    ipcRenderer.invoke('lineament:open-paths', kind),
  onMenu: (listener: (action: string) => void): (() => void) => {
    // The event object would give the page a way to the main process.
    const forward = (_event: unknown, action: unknown): void => {
      if (typeof action === 'string' && !textUndoes(action)) listener(action);
    };
    ipcRenderer.on('lineament:menu', forward);
    return () => {
      ipcRenderer.removeListener('lineament:menu', forward);
    };
  },
});

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.source !== window || event.origin !== location.origin) return;
  const { data } = event;
  if (typeof data !== 'object' || data === null || !('type' in data)) return;
  if (data.type === 'lineament:ready') ipcRenderer.send('lineament:ready');
});

ipcRenderer.on('lineament:port', (event) => {
  window.postMessage({ type: 'lineament:port' }, location.origin, event.ports);
});
