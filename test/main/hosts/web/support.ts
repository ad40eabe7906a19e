import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type EventName, type Events, type Handlers } from '../../../../src/core/contract/api.ts';
import type { Application } from '../../../../src/core/contract/serve.ts';
import type { MediaRequest, MediaResponse } from '../../../../src/main/app/media.ts';
import { startWebHost, type WebHost, type WebHostOptions } from '../../../../src/main/hosts/web/host.ts';

/** Handlers of which only those given exist; the others say so. */
export function handlersWith(some: Partial<Handlers>): Handlers {
  const missing = (): never => {
    throw new Error('not in this test');
  };
  const all = Object.keys(api).map((name) => [name, missing]);
  return { ...(Object.fromEntries(all) as Handlers), ...some };
}

export interface FakeApp extends Application {
  readonly media: (request: MediaRequest) => Promise<MediaResponse>;
  emit<E extends EventName>(event: E, payload: Events[E]): void;
  readonly subscribers: () => number;
}

export function fakeApp(some: Partial<Handlers>, media: FakeApp['media']): FakeApp {
  const listeners = new Set<(event: EventName, payload: Events[EventName]) => void>();
  return {
    handlers: handlersWith(some),
    media,
    subscribe: (listener) => {
      // Set of listeners of any event; each is generic over the event.
      const wrapped = listener as (event: EventName, payload: Events[EventName]) => void;
      listeners.add(wrapped);
      return () => void listeners.delete(wrapped);
    },
    emit: (event, payload) => {
      for (const listener of listeners) listener(event, payload);
    },
    subscribers: () => listeners.size,
  };
}

export async function collect(body: AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A renderer folder with a page, a hashed asset, and a secret beside the folder. */
export async function rendererFolder(): Promise<{ dir: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'lineament-web-'));
  const dir = join(root, 'renderer');
  await mkdir(join(dir, 'assets'), { recursive: true });
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>Lineament</title>');
  await writeFile(join(dir, 'assets', 'index-B1x9_q-2.js'), 'export {};');
  await writeFile(join(dir, '.env'), 'hidden');
  await writeFile(join(root, 'secret.txt'), 'secret');
  return { dir, remove: () => rm(root, { recursive: true, force: true }) };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with exactly this path and these headers; fetch would tidy both. */
export function raw(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: Uint8Array | string } = {},
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const headers = { host: `127.0.0.1:${port}`, ...options.headers };
  const request = httpRequest(
    { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers, agent: false },
    (response) => {
      collect(response).then(
        (body) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: body.toString() }),
        reject,
      );
    },
  );
  request.on('error', reject);
  request.end(options.body);
  return promise;
}

export function ownOrigin(port: number): Record<string, string> {
  return { origin: `http://127.0.0.1:${port}` };
}

/** Opens a session as the renderer does; the value is the `Cookie` header for `/media/`. */
export async function session(host: WebHost): Promise<string> {
  const answer = await raw(host.port, '/session', {
    method: 'POST',
    headers: { ...ownOrigin(host.port), authorization: `Bearer ${host.token}` },
  });
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

export function start(options: Partial<WebHostOptions> & { rendererDir: string }): Promise<WebHost> {
  const app = fakeApp({}, async () => ({ status: 404, headers: {}, body: new Uint8Array() }));
  return startWebHost({ app, port: 0, ...options });
}
