import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { error, LineamentError } from '../../../../src/core/base/errors.ts';
import type { Handlers } from '../../../../src/core/contract/api.ts';
import { connect } from '../../../../src/core/contract/client.ts';
import type { MediaRequest, MediaResponse } from '../../../../src/main/app/media.ts';
import { type OpenedApp, runAppProcess } from '../../../../src/main/hosts/desktop/app-process.ts';
import { messagePort } from '../../../../src/main/hosts/desktop/message-port.ts';
import { type AppChild, superviseApp } from '../../../../src/main/hosts/desktop/supervisor.ts';
import { collect, fakeApp } from '../web/support.ts';

const info = { version: '1', dataDir: '/data', platform: 'test', host: 'electron', empty: true } as const;

interface Fake {
  readonly handlers?: Partial<Handlers>;
  readonly media?: (request: MediaRequest) => Promise<MediaResponse>;
  readonly open?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

/** Stands in for a utility process: the same code behind a real message channel, which clones what it carries. */
function forkFake(
  fake: Fake,
): AppChild<MessagePort> & { crash(): Promise<void>; readonly app: ReturnType<typeof fakeApp> } {
  const { port1: main, port2: child } = new MessageChannel();
  const app = fakeApp(
    { 'app.info': () => info, ...fake.handlers },
    fake.media ?? (async () => ({ status: 404, headers: {}, body: new Uint8Array() })),
  );
  const exits: ((code: number) => void)[] = [];
  const pages: MessagePort[] = [];
  let running = true;
  const exit = (code: number): void => {
    if (!running) return;
    running = false;
    for (const page of pages) page.close();
    // As with a real process, its last messages arrive before its end does.
    child.close();
    main.once('close', () => {
      for (const listener of exits) listener(code);
    });
  };
  const opened: OpenedApp = { ...app, close: async () => fake.close?.() };
  void runAppProcess(
    {
      post: (message) => child.postMessage(message),
      onMessage: (listener) =>
        child.on('message', ({ message, ports }: { message: unknown; ports: MessagePort[] }) => {
          pages.push(...ports);
          listener(message, ports);
        }),
    },
    async () => {
      await fake.open?.();
      return opened;
    },
    exit,
  );
  return {
    app,
    post: (message, ports = []) => main.postMessage({ message, ports }, [...ports]),
    onMessage: (listener) => void main.on('message', listener),
    onExit: (listener) => void exits.push(listener),
    kill: () => exit(9),
    /** Resolves when the parent knows; a port that is handed over before is lost, and its page asks for another. */
    crash: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      exits.push(() => resolve());
      exit(139);
      return promise;
    },
  };
}

function desktop(fake: Fake = {}) {
  const children: ReturnType<typeof forkFake>[] = [];
  const gaveUp = Promise.withResolvers<string>();
  const late: (() => void)[] = [];
  let time = 0;
  const supervisor = superviseApp<MessagePort>({
    fork: () => {
      const child = forkFake(fake);
      children.push(child);
      return child;
    },
    now: () => time,
    later: (run) => void late.push(run),
    onGaveUp: ({ code }) => gaveUp.resolve(code),
  });
  return {
    supervisor,
    children,
    gaveUp: gaveUp.promise,
    passTime: (milliseconds: number) => {
      time += milliseconds;
      for (const run of late.splice(0)) run();
    },
    page: () => {
      const { port1, port2 } = new MessageChannel();
      supervisor.connect(port1);
      return connect(messagePort(port2));
    },
  };
}

describe('the application behind a line', () => {
  it('answers pages, sends them events, and names their errors', async () => {
    const { supervisor, children, page } = desktop();
    const [one, two] = [page(), page()];
    expect(await Promise.all([one.call('app.info', {}), two.call('app.info', {})])).toEqual([info, info]);
    const events = [one, two].map((client) => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      client.on('data.changed', resolve);
      return promise;
    });
    children[0]?.app.emit('data.changed', { topics: ['faces'] });
    expect(await Promise.all(events)).toEqual([{ topics: ['faces'] }, { topics: ['faces'] }]);
    await expect(one.call('settings.get', {})).rejects.toMatchObject({ code: 'app/internal' });
    await supervisor.close();
    await expect(one.call('app.info', {})).rejects.toMatchObject({ code: 'rpc/closed' });
  });

  it('answers media requests out of order', async () => {
    const slow = Promise.withResolvers<void>();
    const { supervisor } = desktop({
      media: async ({ path }) => {
        if (path === '/media/slow') await slow.promise;
        return { status: 200, headers: { 'x-path': path }, body: Buffer.from(path) };
      },
    });
    const get = (path: string) => supervisor.media({ method: 'GET', path, headers: {}, body: null });
    const first = get('/media/slow');
    const second = await get('/media/fast');
    expect(second.headers['x-path']).toBe('/media/fast');
    slow.resolve();
    expect(Buffer.from((await first).body).toString()).toBe('/media/slow');
    await supervisor.close();
  });

  it('pulls an upload chunk by chunk', async () => {
    const { supervisor } = desktop({
      media: async ({ body }) => ({ status: 200, headers: {}, body: await collect(body) }),
    });
    let sent = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (; sent < 5; sent++) yield new Uint8Array(1000).fill(sent);
    }
    const answer = await supervisor.media({
      method: 'POST',
      path: '/media/upload',
      headers: {},
      body: body(),
    });
    expect(answer.body.length).toBe(5000);
    expect([0, 1000, 4999].map((at) => answer.body[at])).toEqual([0, 1, 4]);
    await supervisor.close();
  });

  it('takes no more of an upload than the application wants, and lets the rest go', async () => {
    const { supervisor } = desktop({
      media: async ({ body }) => {
        for await (const _ of body ?? []) break;
        return { status: 400, headers: {}, body: new Uint8Array() };
      },
    });
    let sent = 0;
    const released = Promise.withResolvers<void>();
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          sent++;
          yield new Uint8Array(10);
        }
      } finally {
        released.resolve();
      }
    }
    const answer = await supervisor.media({
      method: 'POST',
      path: '/media/upload',
      headers: {},
      body: body(),
    });
    expect(answer.status).toBe(400);
    await released.promise;
    expect(sent).toBe(1);
    await supervisor.close();
  });

  it('tells the application that an upload broke off, and the page what failed', async () => {
    const { supervisor } = desktop({
      media: async ({ body }) => ({ status: 200, headers: {}, body: await collect(body) }),
    });
    async function* body(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new Error('gone');
    }
    const answer = supervisor.media({ method: 'POST', path: '/media/upload', headers: {}, body: body() });
    await expect(answer).rejects.toMatchObject({ code: 'host/bad-request' });
    await supervisor.close();
  });
});

describe('superviseApp', () => {
  it('starts a crashed application again; what was in flight fails, new pages are served', async () => {
    const { supervisor, children, page } = desktop({
      handlers: { 'app.doctor': () => Promise.withResolvers<never>().promise },
      media: ({ path }) =>
        path === '/media/never'
          ? Promise.withResolvers<never>().promise
          : Promise.resolve({ status: 200, headers: {}, body: new Uint8Array() }),
    });
    const before = page();
    await before.call('app.info', {});
    const call = expect(before.call('app.doctor', {})).rejects.toMatchObject({ code: 'rpc/closed' });
    const never = { method: 'GET', path: '/media/never', headers: {}, body: null } as const;
    const media = expect(supervisor.media(never)).rejects.toMatchObject({ code: 'host/app-stopped' });
    await children[0]?.crash();
    await Promise.all([call, media]);
    expect(await page().call('app.info', {})).toEqual(info);
    expect(children).toHaveLength(2);
    await supervisor.close();
  });

  it('gives up after three crashes in a minute, and starts again when asked', async () => {
    const { supervisor, children, page, gaveUp } = desktop();
    for (let crash = 0; crash < 3; crash++) {
      await page().call('app.info', {});
      await children[crash]?.crash();
    }
    expect(await gaveUp).toBe('host/app-stopped');
    expect(children).toHaveLength(3);
    const request = { method: 'GET', path: '/media/x', headers: {}, body: null } as const;
    await expect(supervisor.media(request)).rejects.toBeInstanceOf(LineamentError);
    const later = page();
    supervisor.restart();
    expect(await later.call('app.info', {})).toEqual(info);
    await supervisor.close();
  });

  it('forgets crashes of long ago', async () => {
    const { supervisor, children, page, passTime } = desktop();
    for (let crash = 0; crash < 5; crash++) {
      await page().call('app.info', {});
      await children[crash]?.crash();
      passTime(40_000);
    }
    expect(await page().call('app.info', {})).toEqual(info);
    expect(children).toHaveLength(6);
    await supervisor.close();
  });

  it('does not try again what cannot be opened, and says why', async () => {
    const { children, gaveUp } = desktop({
      open: async () => {
        throw error('host/no-interface', { folder: '/x' });
      },
    });
    expect(await gaveUp).toBe('host/no-interface');
    expect(children).toHaveLength(1);
  });

  it('waits for the application to close, but not for ever', async () => {
    let closed = false;
    const polite = desktop({
      close: async () => {
        closed = true;
      },
    });
    await polite.page().call('app.info', {});
    await Promise.all([polite.supervisor.close(), polite.supervisor.close()]);
    expect(closed).toBe(true);
    expect(polite.children).toHaveLength(1);

    const stuck = desktop({ close: () => Promise.withResolvers<void>().promise });
    await stuck.page().call('app.info', {});
    const end = stuck.supervisor.close();
    stuck.passTime(10_000);
    await end;
  });
});
