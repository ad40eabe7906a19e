import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect } from '../../../../src/core/contract/client.ts';
import { messageLimit } from '../../../../src/core/contract/messages.ts';
import type { WebHost } from '../../../../src/main/hosts/web/host.ts';
import { socketPort } from '../../../../src/main/hosts/web/socket-port.ts';
import { type FakeApp, fakeApp, rendererFolder, start } from './support.ts';

const info = { version: '1', dataDir: '/data', platform: 'test', host: 'web', empty: true } as const;
let folder: Awaited<ReturnType<typeof rendererFolder>>;
let host: WebHost;
let app: FakeApp;
let aborted: Promise<void>;

beforeEach(async () => {
  folder = await rendererFolder();
  const abort = Promise.withResolvers<void>();
  aborted = abort.promise;
  app = fakeApp(
    {
      'app.info': () => info,
      'app.doctor': (_input, { signal }) => {
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener('abort', () => {
          abort.resolve();
          reject(new Error('stopped'));
        });
        return promise;
      },
    },
    async () => ({ status: 404, headers: {}, body: new Uint8Array() }),
  );
  host = await start({ app, rendererDir: folder.dir });
});
afterEach(async () => {
  await host.close();
  await folder.remove();
});

interface Attempt {
  readonly protocols?: string[];
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

function open(attempt: Attempt = {}): WebSocket {
  const headers = { origin: `http://127.0.0.1:${host.port}`, ...attempt.headers };
  const protocols = attempt.protocols ?? ['lineament', host.token];
  return new WebSocket(`ws://127.0.0.1:${host.port}${attempt.path ?? '/rpc'}`, protocols, { headers });
}

/** Resolves to 101, or to the status that refused. */
function outcome(attempt: Attempt = {}): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const socket = open(attempt);
  socket.on('error', () => {});
  socket.on('open', () => {
    resolve(101);
    socket.close();
  });
  socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  return promise;
}

async function opened(): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = open();
  socket.once('open', resolve).once('error', reject);
  await promise;
  return socket;
}

function closeCode(socket: WebSocket): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.once('close', resolve);
  socket.on('error', () => {});
  return promise;
}

describe('upgrade', () => {
  it('lets in who has the token, and never echoes it', async () => {
    const socket = await opened();
    expect(socket.protocol).toBe('lineament');
    socket.close();
  });

  it('refuses everybody else', async () => {
    expect(await outcome()).toBe(101);
    expect(await outcome({ protocols: [] })).toBe(401);
    expect(await outcome({ protocols: ['lineament'] })).toBe(401);
    expect(await outcome({ protocols: ['lineament', 'x'.repeat(43)] })).toBe(401);
    expect(await outcome({ protocols: [host.token, 'lineament'] })).toBe(401);
    expect(await outcome({ path: '/other' })).toBe(404);
    expect(await outcome({ headers: { origin: 'http://evil.example' } })).toBe(403);
    expect(await outcome({ headers: { origin: `http://localhost:${host.port}` } })).toBe(403);
    expect(await outcome({ headers: { host: `evil.example:${host.port}` } })).toBe(403);
  });
});

describe('calls over the socket', () => {
  it('answers calls, sends events, and tells the error of a call', async () => {
    const client = connect(socketPort(await opened()));
    const event = Promise.withResolvers<unknown>();
    client.on('data.changed', event.resolve);
    expect(await client.call('app.info', {})).toEqual(info);
    app.emit('data.changed', { topics: ['faces'] });
    expect(await event.promise).toEqual({ topics: ['faces'] });
    await expect(client.call('settings.get', {})).rejects.toMatchObject({ code: 'app/internal' });
    client.close();
  });

  it('aborts what runs for a page that went away', async () => {
    const socket = await opened();
    const call = connect(socketPort(socket)).call('app.doctor', {});
    const failed = expect(call).rejects.toMatchObject({ code: 'rpc/closed' });
    socket.close();
    await failed;
    await aborted;
    expect(app.subscribers()).toBe(0);
  });

  it('ends a socket that sends too much at once, or bytes', async () => {
    const large = await opened();
    large.send('x'.repeat(messageLimit + 1));
    expect(await closeCode(large)).toBe(1009);
    const binary = await opened();
    binary.send(new Uint8Array(3));
    expect(await closeCode(binary)).toBe(1003);
    expect(await outcome()).toBe(101);
  });

  it('says goodbye to pages when the host closes, and ends those that do not answer', async () => {
    const polite = await opened();
    const silent = await opened();
    silent.pause();
    const code = closeCode(polite);
    await host.close();
    expect(await code).toBe(1001);
    expect(app.subscribers()).toBe(0);
    silent.terminate();
  });
});
