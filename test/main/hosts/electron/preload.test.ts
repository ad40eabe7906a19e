import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { beforeEach, describe, expect, it } from 'vitest';

const source = new URL('../../../../src/main/hosts/electron/preload.cts', import.meta.url);

/** The preload as Electron runs it: CommonJS, of which only `require('electron')` works in the sandbox. */
function compiled(): string {
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2024 },
  });
  return outputText;
}

interface Exposed {
  pathForFile(file: unknown): string;
  openPaths(kind: string): Promise<string[]>;
  onMenu(listener: (...given: unknown[]) => void): () => void;
}

class Element {
  type = 'text';
  isContentEditable = false;
}

function run() {
  const worlds: Record<string, unknown> = {};
  const required: string[] = [];
  const sent: unknown[][] = [];
  const invoked: unknown[][] = [];
  const posted: unknown[][] = [];
  const commands: string[] = [];
  const ipc = new Map<string, (...given: unknown[]) => void>();
  let receive: (event: unknown) => void = () => {};
  const page = {
    addEventListener: (type: string, listener: (event: unknown) => void) => {
      expect(type).toBe('message');
      receive = listener;
    },
    postMessage: (...given: unknown[]) => posted.push(given),
  };
  const document = {
    activeElement: null as unknown,
    execCommand: (command: string) => commands.push(command) > 0,
  };
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, value: unknown) => {
        worlds[name] = value;
      },
    },
    ipcRenderer: {
      send: (...given: unknown[]) => sent.push(given),
      invoke: async (...given: unknown[]) => {
        invoked.push(given);
        return ['/chosen'];
      },
      on: (channel: string, listener: (...given: unknown[]) => void) => ipc.set(channel, listener),
      removeListener: (channel: string, listener: unknown) => {
        if (ipc.get(channel) === listener) ipc.delete(channel);
      },
    },
    webUtils: { getPathForFile: () => '/path' },
  };
  class Input extends Element {}
  class TextArea extends Element {}
  const context = createContext({
    exports: {},
    window: page,
    location: { origin: 'app://lineament' },
    document,
    HTMLElement: Element,
    HTMLInputElement: Input,
    HTMLTextAreaElement: TextArea,
    require: (name: string) => {
      required.push(name);
      if (name !== 'electron') throw new Error(`the sandbox has no ${name}`);
      return electron;
    },
  });
  runInContext(compiled(), context);
  const host = worlds['lineamentHost'] as Exposed;
  return {
    worlds,
    required,
    sent,
    invoked,
    posted,
    commands,
    ipc,
    page,
    document,
    host,
    Input,
    receive: (event: unknown) => receive(event),
  };
}

let preload: ReturnType<typeof run>;
beforeEach(() => {
  preload = run();
});

describe('preload', () => {
  it('needs nothing but electron, and exposes exactly three functions', () => {
    expect(preload.required).toEqual(['electron']);
    expect(Object.keys(preload.worlds)).toEqual(['lineamentHost']);
    expect(Object.keys(preload.host).sort()).toEqual(['onMenu', 'openPaths', 'pathForFile']);
  });

  it('asks the main process for paths', async () => {
    expect(preload.host.pathForFile({})).toBe('/path');
    expect(await preload.host.openPaths('folder')).toEqual(['/chosen']);
    expect(preload.invoked).toEqual([['lineament:open-paths', 'folder']]);
  });

  it('passes on menu actions without the event, until it is told to stop', () => {
    const heard: unknown[][] = [];
    const stop = preload.host.onMenu((...given) => void heard.push(given));
    preload.ipc.get('lineament:menu')?.({ sender: 'main' }, 'import');
    preload.ipc.get('lineament:menu')?.({ sender: 'main' }, { not: 'text' });
    expect(heard).toEqual([['import']]);
    stop();
    expect(preload.ipc.has('lineament:menu')).toBe(false);
  });

  it('lets a text field undo its own changes', () => {
    const heard: unknown[] = [];
    preload.host.onMenu((action) => void heard.push(action));
    const choose = (action: string) => preload.ipc.get('lineament:menu')?.({}, action);
    choose('undo');
    const field = new preload.Input();
    preload.document.activeElement = field;
    choose('undo');
    choose('import');
    field.type = 'checkbox';
    choose('redo');
    expect(heard).toEqual(['undo', 'import', 'redo']);
    expect(preload.commands).toEqual(['undo']);
  });

  it('asks for a port when its own page is ready, and hands it to that page only', () => {
    const ready = { data: { type: 'lineament:ready' }, source: preload.page, origin: 'app://lineament' };
    preload.receive({ ...ready, source: {} });
    preload.receive({ ...ready, origin: 'https://evil.example' });
    preload.receive({ ...ready, data: null });
    preload.receive({ ...ready, data: { type: 'other' } });
    expect(preload.sent).toEqual([]);
    preload.receive(ready);
    expect(preload.sent).toEqual([['lineament:ready']]);
    const port = {};
    preload.ipc.get('lineament:port')?.({ ports: [port] });
    expect(preload.posted).toEqual([[{ type: 'lineament:port' }, 'app://lineament', [port]]]);
  });
});
