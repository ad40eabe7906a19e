import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaRequest } from '../../../../src/main/app/media.ts';
import { contentSecurityPolicy } from '../../../../src/main/hosts/page/csp.ts';
import type { WebHost } from '../../../../src/main/hosts/web/host.ts';
import { collect, fakeApp, ownOrigin, raw, rendererFolder, session, start } from './support.ts';

const limit = 100_000;
let folder: Awaited<ReturnType<typeof rendererFolder>>;
let host: WebHost;
const seen: MediaRequest[] = [];

beforeAll(async () => {
  folder = await rendererFolder();
  const app = fakeApp({}, async (request) => {
    seen.push(request);
    if (request.path.includes('broken')) throw new Error('broken');
    const body = await collect(request.body);
    return {
      status: 200,
      headers: { 'content-type': 'image/png' },
      body: Buffer.from(`bytes ${body.length}`),
    };
  });
  host = await start({ app, rendererDir: folder.dir, uploadLimit: limit });
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

describe('startWebHost', () => {
  it('gives an address with the token in its fragment', () => {
    expect(host.url).toBe(`http://127.0.0.1:${host.port}/#token=${host.token}`);
    expect(Buffer.from(host.token, 'base64url').length).toBe(32);
  });

  it('binds loopback only', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter((address) => address.family === 'IPv4' && !address.internal);
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${host.port}/`)).rejects.toThrow();
    }
    // The kernel's own table, where it has one: 0100007F is 127.0.0.1.
    if (!readdirSync('/proc/net').includes('tcp')) return;
    const { readFileSync } = await import('node:fs');
    const hex = host.port.toString(16).toUpperCase().padStart(4, '0');
    const listening = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .filter((line) => line.includes(`:${hex} 00000000:0000 0A`));
    expect(listening).toHaveLength(1);
    expect(listening[0]).toContain(`0100007F:${hex}`);
  });

  it('says which port is taken', async () => {
    const thrown = await start({ rendererDir: folder.dir, port: host.port }).catch(
      (thrown: unknown) => thrown,
    );
    expect(thrown).toMatchObject({ code: 'host/port-taken', values: { port: host.port } });
  });

  it('refuses a token that is easily guessed', async () => {
    const thrown = await start({ rendererDir: folder.dir, token: 'short' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(thrown).toMatchObject({ code: 'host/bad-token' });
  });

  it('makes a new token every time', async () => {
    const other = await start({ rendererDir: folder.dir });
    await other.close();
    expect(other.token).not.toBe(host.token);
  });

  it('frees the port when it closes, though a connection is idle', async () => {
    const first = await start({ rendererDir: folder.dir });
    await fetch(`http://127.0.0.1:${first.port}/`).then((answer) => answer.text());
    await first.close();
    const server = createServer();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.on('error', reject).listen(first.port, '127.0.0.1', resolve);
    await promise;
    server.close();
  });
});

describe('files of the interface', () => {
  it('come with the policy, and the page itself is checked every time', async () => {
    const page = await raw(host.port, '/');
    expect(page).toMatchObject({ status: 200, body: '<!doctype html><title>Lineament</title>' });
    expect(page.headers).toMatchObject({
      'content-security-policy': contentSecurityPolicy,
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    const asset = await raw(host.port, '/assets/index-B1x9_q-2.js');
    expect(asset.headers['cache-control']).toContain('immutable');
  });

  it('has no body for HEAD, and the length it would have', async () => {
    const head = await raw(host.port, '/', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe('39');
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/.env', '/nothing.js'])(
    'finds nothing at %s',
    async (path) => {
      const answer = await raw(host.port, path);
      expect(answer.status).toBe(404);
      expect(answer.body).not.toMatch(/^secret|hidden/);
      expect(answer.headers['content-security-policy']).toBe(contentSecurityPolicy);
    },
  );

  it('refuses other methods', async () => {
    const answer = await raw(host.port, '/', { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
    expect((await raw(host.port, '/session')).headers.allow).toBe('POST');
  });
});

describe('who may ask', () => {
  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::1]:PORT',
    'localhost.evil.example:PORT',
  ])('refuses the host name %s', async (name) => {
    const headers = { host: name.replace('PORT', String(host.port)) };
    for (const path of ['/', '/media/crop/ab.png', '/session']) {
      expect((await raw(host.port, path, { headers })).status).toBe(403);
    }
  });

  it('answers to localhost too', async () => {
    const headers = { host: `localhost:${host.port}` };
    expect((await raw(host.port, '/', { headers })).status).toBe(200);
  });

  it.each([
    undefined,
    'null',
    'http://evil.example',
    'https://127.0.0.1:PORT',
    'http://localhost:PORT',
    'http://127.0.0.1:1',
  ])('refuses POST from origin %s', async (origin) => {
    const headers: Record<string, string> = { authorization: `Bearer ${host.token}` };
    if (origin !== undefined) headers['origin'] = origin.replace('PORT', String(host.port));
    for (const path of ['/session', '/media/upload']) {
      expect((await raw(host.port, path, { method: 'POST', headers })).status).toBe(403);
    }
  });

  it('sets the cookie for the right token only', async () => {
    const attempt = (authorization: string) =>
      raw(host.port, '/session', { method: 'POST', headers: { ...ownOrigin(host.port), authorization } });
    for (const wrong of ['', 'Bearer', 'Bearer wrong', `Basic ${host.token}`, `Bearer ${host.token}x`]) {
      const answer = await attempt(wrong);
      expect(answer.status).toBe(401);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    const right = await attempt(`Bearer ${host.token}`);
    expect(right.status).toBe(204);
    const cookie = right.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/^lineament_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/media$/);
    // Cookies reach every port of the host, so the cookie must not be the key to everything.
    expect(cookie).not.toContain(host.token);
  });
});

describe('media', () => {
  it('needs the cookie, and tells people what to open', async () => {
    for (const headers of [{}, { cookie: `lineament_${host.port}=wrong` }, { cookie: `x=${host.token}` }]) {
      const answer = await raw(host.port, '/media/crop/ab.png', { headers });
      expect(answer.status).toBe(401);
    }
    const page = await raw(host.port, '/media/crop/ab.png', { headers: { accept: 'text/html' } });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('address that Lineament printed');
    expect(seen).toHaveLength(0);
  });

  it('is forwarded with its query, without the secrets', async () => {
    const cookie = await session(host);
    const answer = await raw(host.port, '/media/crop/ab.png?x=1', {
      headers: { cookie: `a=b; ${cookie}`, 'x-lineament-name': 'a%20b' },
    });
    expect(answer).toMatchObject({ status: 200, body: 'bytes 0' });
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    const forwarded = seen.at(-1);
    expect(forwarded).toMatchObject({ method: 'GET', path: '/media/crop/ab.png?x=1', body: null });
    expect(forwarded?.headers).toMatchObject({ 'x-lineament-name': 'a%20b' });
    expect(forwarded?.headers['cookie']).toBeUndefined();
  });

  it('cannot be embedded by another port of the same host', async () => {
    const headers = { cookie: await session(host), 'sec-fetch-site': 'same-site' };
    expect((await raw(host.port, '/media/crop/ab.png', { headers })).status).toBe(403);
  });

  it('sends HEAD as GET, without the body', async () => {
    const headers = { cookie: await session(host) };
    const answer = await raw(host.port, '/media/crop/ab.png', { method: 'HEAD', headers });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-length']).toBe('7');
  });

  it('takes uploads up to the limit, announced or not', async () => {
    const headers = { ...ownOrigin(host.port), cookie: await session(host) };
    const chunked = { ...headers, 'transfer-encoding': 'chunked' };
    const upload = (bytes: number, with_: Record<string, string>) =>
      raw(host.port, '/media/upload', { method: 'POST', headers: with_, body: Buffer.alloc(bytes) });
    expect(await upload(limit, headers)).toMatchObject({ status: 200, body: `bytes ${limit}` });
    expect(await upload(limit, chunked)).toMatchObject({ status: 200, body: `bytes ${limit}` });
    const before = seen.length;
    const announced = await upload(limit + 1, { ...headers, 'content-length': String(limit + 1) });
    expect(announced.status).toBe(413);
    expect(seen).toHaveLength(before);
    const surprise = await upload(50 * limit, chunked);
    expect(surprise.status).toBe(413);
    expect(JSON.parse(surprise.body)).toMatchObject({ error: { code: 'host/upload-too-large' } });
  });

  it('answers 500 where the application fails, and goes on', async () => {
    const headers = { cookie: await session(host) };
    const answer = await raw(host.port, '/media/photo/broken.jpg', { headers });
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'app/internal' } });
    expect((await raw(host.port, '/')).status).toBe(200);
  });
});
