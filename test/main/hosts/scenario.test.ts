import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '../../../src/core/contract/api.ts';
import { connect } from '../../../src/core/contract/client.ts';
import type { JobState } from '../../../src/core/contract/jobs.ts';
import { thumbnailPath } from '../../../src/core/contract/media.ts';
import { openApp } from '../../../src/main/app/open.ts';
import { connectTo } from '../../../src/main/hosts/cli/connection.ts';
import { runAppProcess } from '../../../src/main/hosts/desktop/app-process.ts';
import { messagePort } from '../../../src/main/hosts/desktop/message-port.ts';
import { superviseApp } from '../../../src/main/hosts/desktop/supervisor.ts';
import { modelsDir, rendererDir, workerEntry } from '../../../src/main/hosts/places.ts';
import { startWebHost } from '../../../src/main/hosts/web/host.ts';
import { socketPort } from '../../../src/main/hosts/web/socket-port.ts';
import { testJpeg } from '../../support/pictures.ts';

/** What a test sees of a host: a client, pictures where the host serves any, and how to end it. */
interface Hosted {
  readonly client: Client;
  readonly picture: ((path: string) => Promise<Uint8Array>) | null;
  close(): Promise<void>;
}

const options = { version: '1.2.3', modelsDir, workerEntry };

async function commandLine(dataDir: string): Promise<Hosted> {
  return { ...(await connectTo(dataDir)), picture: null };
}

async function web(dataDir: string): Promise<Hosted> {
  const app = await openApp({ ...options, dataDir, host: 'web' });
  const host = await startWebHost({ app, port: 0, rendererDir });
  const origin = `http://127.0.0.1:${host.port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/rpc`, ['lineament', host.token], { origin });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const session = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${host.token}`, origin },
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    client: connect(socketPort(socket)),
    picture: async (path) => (await fetch(`${origin}${path}`, { headers: { cookie } })).bytes(),
    close: async () => {
      await host.close();
      await app.close();
    },
  };
}

/** Electron's half without Electron: the application's process behind a message channel, and its supervisor. */
async function desktop(dataDir: string): Promise<Hosted> {
  const exits: ((code: number) => void)[] = [];
  const supervisor = superviseApp<MessagePort>({
    fork: () => {
      const { port1: parent, port2: child } = new MessageChannel();
      const exit = (code: number): void => {
        child.close();
        for (const listener of exits) listener(code);
      };
      void runAppProcess(
        {
          post: (message) => child.postMessage(message),
          onMessage: (listener) =>
            child.on('message', ({ message, ports }: { message: unknown; ports: MessagePort[] }) =>
              listener(message, ports),
            ),
        },
        () => openApp({ ...options, dataDir, host: 'electron' }),
        exit,
      );
      return {
        post: (message, ports = []) => parent.postMessage({ message, ports }, [...ports]),
        onMessage: (listener) => void parent.on('message', listener),
        onExit: (listener) => void exits.push(listener),
        kill: () => exit(9),
      };
    },
    now: () => performance.now(),
    later: (run, milliseconds) => void setTimeout(run, milliseconds),
    onGaveUp: ({ message }) => {
      throw new Error(message);
    },
  });
  const { port1, port2 } = new MessageChannel();
  supervisor.connect(port1);
  return {
    client: connect(messagePort(port2)),
    picture: async (path) => (await supervisor.media({ method: 'GET', path, headers: {}, body: null })).body,
    close: () => supervisor.close(),
  };
}

const hosts = { 'the command line': commandLine, 'the loopback host': web, 'the desktop host': desktop };
const ready = existsSync(join(rendererDir, 'index.html')) && existsSync(join(modelsDir, 'index.json'));

describe.skipIf(!ready).each(Object.entries(hosts))('the same story through %s', (_, open) => {
  let root: string;
  let hosted: Hosted;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-hosts-'));
    await mkdir(join(root, 'photos'));
    for (const seed of [1, 2, 3]) await writeFile(join(root, 'photos', `${seed}.jpg`), await testJpeg(seed));
    await writeFile(join(root, 'photos', 'empty.jpg'), '');
    hosted = await open(join(root, 'data'));
  });
  afterAll(async () => {
    await hosted?.close();
    await rm(root, { recursive: true, force: true });
  });

  it('imports, tells what happens, shows, names errors, undoes', async () => {
    const { client, picture } = hosted;
    expect(await client.call('app.info', {})).toMatchObject({ empty: true, dataDir: join(root, 'data') });
    const states = new Set<JobState>();
    client.on('job.changed', (job) => states.add(job.state));
    const paths = [join(root, 'photos')];
    const { dataset, job } = await client.call('datasets.import', { paths, name: 'Photographs' });
    const ended = await client.call('jobs.wait', { job: job.id });
    expect(ended).toMatchObject({ state: 'done', summary: { photos: 3, problems: 1 } });
    expect(states).toContain('running');

    const { items, total } = await client.call('photos.page', { dataset });
    expect(total).toBe(4);
    const [first] = items;
    expect(items.map((photo) => photo.problem?.code)).toEqual([
      undefined,
      undefined,
      undefined,
      'image/empty',
    ]);
    if (picture !== null) {
      const jpeg = await picture(thumbnailPath(first?.hash ?? ''));
      expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    }
    await expect(client.call('datasets.get', { dataset: 99 })).rejects.toMatchObject({
      code: 'dataset/unknown',
    });
    await client.call('datasets.remove', { dataset });
    expect(await client.call('datasets.list', {})).toEqual([]);
    expect(await client.call('journal.undo', {})).toMatchObject({ undone: true });
    expect(await client.call('datasets.list', {})).toMatchObject([
      { name: 'Photographs', photos: 3, problems: 1 },
    ]);
  });
});
