import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desktopArguments } from '../../../../src/main/hosts/desktop/arguments.ts';
import { lockContents, lockSession } from '../../../../src/main/hosts/desktop/lockdown.ts';
import { menus } from '../../../../src/main/hosts/desktop/menu.ts';
import { windowOptions } from '../../../../src/main/hosts/desktop/window-options.ts';
import { readState, validState, writeState } from '../../../../src/main/hosts/desktop/window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: -200, width: 1280, height: 1024 };

describe('windowOptions', () => {
  it('shuts the page off from Node and from the preload', () => {
    const { webPreferences, ...rest } = windowOptions('/preload.cjs', validState(null, [screen]), true);
    expect(webPreferences).toEqual({
      preload: '/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    });
    expect(rest).toMatchObject({ show: false, width: 1280, height: 840 });
  });
});

describe('lockdown', () => {
  type Listener = (event: { preventDefault(): void }) => void;

  it('denies every permission and download', () => {
    const events = new Map<string, Listener>();
    const granted: boolean[] = [];
    lockSession({
      setPermissionRequestHandler: (handler) => handler({}, 'media', (answer) => void granted.push(answer)),
      setPermissionCheckHandler: (handler) => void granted.push(handler()),
      setDevicePermissionHandler: (handler) => void granted.push(handler()),
      on: (event: string, listener: Listener) => events.set(event, listener),
    });
    expect(granted).toEqual([false, false, false]);
    expect([...events.keys()]).toEqual(['will-download']);
  });

  it('prevents navigation, windows and webviews', () => {
    const events = new Map<string, Listener>();
    let opens: unknown;
    lockContents({
      setWindowOpenHandler: (handler) => {
        opens = handler();
      },
      on: (event: string, listener: Listener) => events.set(event, listener),
    });
    expect(opens).toEqual({ action: 'deny' });
    expect([...events.keys()].sort()).toEqual([
      'will-attach-webview',
      'will-frame-navigate',
      'will-navigate',
      'will-redirect',
    ]);
    for (const listener of events.values()) {
      let prevented = false;
      listener({
        preventDefault: () => {
          prevented = true;
        },
      });
      expect(prevented).toBe(true);
    }
  });
});

describe('validState', () => {
  const text = (x: number, y: number, width = 1000, height = 700, maximized = false) =>
    JSON.stringify({ bounds: { x, y, width, height }, maximized });

  it('takes a place on any display', () => {
    expect(validState(text(100, 50, 1000, 700, true), [screen])).toEqual({
      bounds: { x: 100, y: 50, width: 1000, height: 700 },
      maximized: true,
    });
    expect(validState(text(2000, -150), [screen, second]).bounds).toMatchObject({ x: 2000, y: -150 });
  });

  it('forgets a place on a display that is gone, or out of reach', () => {
    for (const [x, y] of [
      [2000, -150],
      [-950, 100],
      [1900, 100],
      [100, -300],
      [100, 1030],
    ] as const) {
      expect(validState(text(x, y), [screen]).bounds).not.toHaveProperty('x');
    }
  });

  it('never opens larger than the display', () => {
    expect(validState(text(0, 0, 9000, 9000), [screen]).bounds).toMatchObject({ width: 1920, height: 1040 });
    expect(validState(null, [{ x: 0, y: 0, width: 800, height: 600 }]).bounds).toEqual({
      width: 800,
      height: 600,
    });
  });

  it.each(['', '{', 'null', '{}', text(0.5, 0), text(0, 0, -1), '{"bounds":{},"maximized":true}'])(
    'starts afresh from %j',
    (damaged) => expect(validState(damaged, [screen])).toEqual(validState(null, [screen])),
  );

  it('survives being written and read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lineament-state-'));
    const file = join(folder, 'desktop', 'window.json');
    expect(await readState(file)).toBeNull();
    const state = { bounds: { x: 10, y: 20, width: 900, height: 600 }, maximized: true };
    await writeState(file, state);
    expect(validState(await readState(file), [screen])).toEqual(state);
    expect(await readdir(join(folder, 'desktop'))).toEqual(['window.json']);
    await rm(folder, { recursive: true });
  });
});

describe('menus', () => {
  const flat = (platform: string, development: boolean) =>
    menus(platform, development).flatMap((menu) => menu.entries);

  it.each(['linux', 'win32', 'darwin'])('has each action once on %s, and a way to quit', (platform) => {
    const entries = flat(platform, false);
    const actions = entries.flatMap((entry) => ('action' in entry ? [entry.action] : []));
    expect(new Set(actions).size).toBe(actions.length);
    expect(actions).toEqual(expect.arrayContaining(['import', 'undo', 'redo']));
    const roles = entries.flatMap((entry) => ('role' in entry ? [entry.role] : []));
    expect(roles.filter((role) => role === 'quit')).toHaveLength(1);
    expect(roles).not.toContain('toggleDevTools');
  });

  it('offers the developer tools to developers', () => {
    expect(flat('linux', true)).toContainEqual({ role: 'toggleDevTools' });
  });
});

describe('desktopArguments', () => {
  it('finds the data folder among Chromium’s switches', () => {
    const read = (...argv: string[]) => desktopArguments(argv, '/here', '/standard');
    expect(read('electron', '.', '--disable-gpu')).toEqual({ dataDir: '/standard', development: false });
    expect(read('lineament', '--data', 'faces', '--x').dataDir).toBe('/here/faces');
    expect(read('lineament', '--data=/faces').dataDir).toBe('/faces');
    expect(read('lineament', '--data').dataDir).toBe('/standard');
    expect(read('lineament', '--development').development).toBe(true);
  });
});
