import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DesktopArguments } from '../../../../src/main/hosts/desktop/arguments.ts';
import type { PageFiles } from '../../../../src/main/hosts/page/files.ts';
import { version } from '../../../../src/main/hosts/places.ts';

/**
 * The desktop host against a stand-in for Electron: what it creates, with which options, and whom it answers.
 * Importing the real package under Node would start a download.
 */
const electron = vi.hoisted(() => ({
  log: [] as string[],
  windows: [] as unknown[],
  handlers: new Map<string, (...given: never[]) => unknown>(),
  schemes: new Map<string, (request: Request) => Promise<Response>>(),
  forks: [] as { entry: string; args: string[] }[],
  posted: [] as { message: unknown; ports: unknown[] }[],
  dialogs: [] as unknown[],
  menu: [] as { label: string; submenu: { label?: string; role?: string; click?: () => void }[] }[],
  sentToPage: [] as unknown[][],
  userData: '',
}));

vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events');
  class App extends EventEmitter {
    whenReady = async () => {};
    getPath = () => electron.userData;
    quit = () => void electron.log.push('quit');
    exit = (code: number) => void electron.log.push(`exit ${code}`);
  }
  class Session extends EventEmitter {
    setPermissionRequestHandler = () => void electron.log.push('permission requests');
    setPermissionCheckHandler = () => void electron.log.push('permission checks');
    setDevicePermissionHandler = () => void electron.log.push('device permissions');
  }
  class Contents extends EventEmitter {
    session = new Session();
    setWindowOpenHandler = () => void electron.log.push('window opening');
    send = (...given: unknown[]) => void electron.sentToPage.push(given);
    reload = () => {};
  }
  class BrowserWindow extends EventEmitter {
    webContents = new Contents();
    readonly options: unknown;
    constructor(options: unknown) {
      super();
      this.options = options;
      electron.windows.push(this);
    }
    loadURL = async (url: string) => void electron.log.push(`load ${url}`);
    show = () => void electron.log.push('show');
    focus = () => void electron.log.push('focus');
    isMinimized = () => false;
    isMaximized = () => false;
    getNormalBounds = () => ({ x: 1, y: 2, width: 900, height: 700 });
  }
  class Child extends EventEmitter {
    pid = undefined;
    postMessage = (message: unknown, ports: unknown[]) => {
      electron.posted.push({ message, ports });
      if ((message as { type: string }).type === 'close') queueMicrotask(() => this.emit('exit', 0));
    };
  }
  return {
    app: new App(),
    BrowserWindow,
    dialog: {
      showOpenDialog: async (_window: unknown, options: unknown) => {
        electron.dialogs.push(options);
        return { canceled: false, filePaths: ['/photos'] };
      },
      showMessageBox: async () => ({ response: 1 }),
    },
    ipcMain: {
      handle: (channel: string, handler: (...given: never[]) => unknown) =>
        electron.handlers.set(channel, handler),
      on: (channel: string, handler: (...given: never[]) => unknown) =>
        electron.handlers.set(channel, handler),
      removeHandler: () => {},
      removeAllListeners: () => {},
    },
    Menu: {
      buildFromTemplate: (template: never) => template,
      setApplicationMenu: (menu: never) => {
        electron.menu = menu;
      },
    },
    MessageChannelMain: class {
      port1 = 'application end';
      port2 = 'page end';
    },
    nativeTheme: { shouldUseDarkColors: true },
    protocol: {
      handle: (name: string, handler: (request: Request) => Promise<Response>) =>
        electron.schemes.set(name, handler),
    },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1600, height: 900 } }] },
    utilityProcess: {
      fork: (entry: string, args: string[]) => {
        electron.forks.push({ entry, args });
        const child = new Child();
        queueMicrotask(() => child.emit('message', { type: 'ready' }));
        return child;
      },
    },
  };
});

vi.mock('../../../../src/main/hosts/page/files.ts', () => ({
  openPageFiles: async (): Promise<PageFiles> => ({
    read: async (path) =>
      path === '/' ? { bytes: new Uint8Array([65]), type: 'text/html', caching: 'no-cache' } : null,
  }),
}));

// Not a literal: these modules belong to a project that this one does not see.
const folder = '../../../../src/main/hosts/electron';
type Frame = { url: string; parent: unknown; postMessage(...given: unknown[]): void };
const own: Frame = { url: 'app://lineament/index.html', parent: null, postMessage: () => {} };

beforeAll(async () => {
  electron.userData = await mkdtemp(join(tmpdir(), 'lineament-desktop-'));
  const { runDesktop }: { runDesktop(options: DesktopArguments): Promise<void> } = await import(
    `${folder}/desktop.ts`
  );
  await runDesktop({ dataDir: '/faces', development: false });
});
afterAll(() => rm(electron.userData, { recursive: true }));

function ipc(channel: string, frame: Frame | null, ...given: unknown[]): unknown {
  const handler = electron.handlers.get(channel) as ((...given: unknown[]) => unknown) | undefined;
  expect(handler).toBeDefined();
  return handler?.({ senderFrame: frame }, ...given);
}

const foreign: (Frame | null)[] = [
  null,
  { ...own, url: 'https://evil.example/' },
  { ...own, url: 'app://other/' },
  { ...own, parent: {} },
];

describe('runDesktop', () => {
  it('opens one isolated, sandboxed window on the page, after everything was shut', () => {
    expect(electron.windows).toHaveLength(1);
    expect(electron.windows[0]).toMatchObject({
      options: {
        show: false,
        webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true },
      },
    });
    const load = electron.log.indexOf('load app://lineament/');
    for (const shut of ['permission requests', 'permission checks', 'device permissions', 'window opening']) {
      expect(electron.log.indexOf(shut)).toBeGreaterThanOrEqual(0);
      expect(electron.log.indexOf(shut)).toBeLessThan(load);
    }
  });

  it('starts the application with its version and data folder', () => {
    expect(electron.forks).toHaveLength(1);
    expect(electron.forks[0]?.entry).toMatch(/app-process\.js$/);
    expect(electron.forks[0]?.args).toEqual([version(), '/faces']);
  });

  it('serves app:// with the policy', async () => {
    expect([...electron.schemes.keys()]).toEqual(['app']);
    const answer = await electron.schemes.get('app')?.(new Request('app://lineament/'));
    expect(answer?.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('opens dialogs for its own page only', async () => {
    for (const frame of foreign) {
      expect(() => ipc('lineament:open-paths', frame, 'folder')).toThrow('did not come from a page');
    }
    expect(electron.dialogs).toHaveLength(0);
    expect(await ipc('lineament:open-paths', own, 'folder')).toEqual(['/photos']);
    expect(electron.dialogs).toMatchObject([{ properties: ['openDirectory'] }]);
    await expect(ipc('lineament:open-paths', own, 'everything')).rejects.toMatchObject({
      code: 'host/bad-request',
    });
  });

  it('hands a port to its own page only: one end there, the other to the application', () => {
    const ports = () =>
      electron.posted.filter(({ message }) => (message as { type: string }).type === 'port');
    for (const frame of foreign) ipc('lineament:ready', frame);
    expect(ports()).toHaveLength(0);
    const given: unknown[][] = [];
    ipc('lineament:ready', { ...own, postMessage: (...all) => void given.push(all) });
    expect(ports()).toEqual([{ message: { type: 'port' }, ports: ['application end'] }]);
    expect(given).toEqual([['lineament:port', null, ['page end']]]);
  });

  it('sends the menu’s actions to the page', () => {
    const file = electron.menu.find((menu) => menu.label === 'File');
    file?.submenu.find((item) => item.label === 'Import…')?.click?.();
    expect(electron.sentToPage).toEqual([['lineament:menu', 'import']]);
  });

  it('comes to the front when it is started a second time', async () => {
    const { app } = await import('electron');
    app.emit('second-instance');
    expect(electron.log).toContain('focus');
  });

  it('quits only when the application has closed', async () => {
    const { app } = await import('electron');
    const prevented = vi.fn();
    app.emit('will-quit', { preventDefault: prevented });
    expect(prevented).toHaveBeenCalledOnce();
    expect(electron.log).not.toContain('exit 0');
    expect(electron.posted.at(-1)?.message).toEqual({ type: 'close' });
    await vi.waitFor(() => expect(electron.log).toContain('exit 0'));
  });
});
