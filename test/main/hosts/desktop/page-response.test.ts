import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { error } from '../../../../src/core/base/errors.ts';
import type { MediaRequest } from '../../../../src/main/app/media.ts';
import { pageHandler } from '../../../../src/main/hosts/desktop/page-response.ts';
import { contentSecurityPolicy } from '../../../../src/main/hosts/page/csp.ts';
import { openPageFiles } from '../../../../src/main/hosts/page/files.ts';
import { collect, rendererFolder } from '../web/support.ts';

let folder: Awaited<ReturnType<typeof rendererFolder>>;
let handle: (request: Request) => Promise<Response>;
const seen: MediaRequest[] = [];

beforeAll(async () => {
  folder = await rendererFolder();
  handle = pageHandler(await openPageFiles(folder.dir), async (request) => {
    seen.push(request);
    if (request.path === '/media/broken') throw new Error('broken');
    if (request.path === '/media/stopped') throw error('host/app-stopped', { detail: 'test' });
    if (request.path === '/media/same') return { status: 304, headers: {}, body: new Uint8Array() };
    const body = await collect(request.body);
    const headers = { 'content-type': 'image/png', 'Content-Security-Policy': 'default-src *' };
    return { status: 200, headers, body: Buffer.from(`bytes ${body.length}`) };
  });
});
afterAll(() => folder.remove());

const get = (path: string, init?: RequestInit) => handle(new Request(`app://lineament${path}`, init));

describe('pageHandler', () => {
  it('serves the page with the policy', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>Lineament</title>');
    expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/.env',
  ])('finds nothing at %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
  });

  it('answers no other host', async () => {
    expect((await handle(new Request('app://other/index.html'))).status).toBe(403);
  });

  it('forwards media with their query, and lets nobody weaken the policy', async () => {
    const answer = await get('/media/crop/ab.png?x=1', { headers: { 'X-Lineament-Name': 'a%20b' } });
    expect(await answer.text()).toBe('bytes 0');
    expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(seen.at(-1)).toMatchObject({ method: 'GET', path: '/media/crop/ab.png?x=1', body: null });
    expect(seen.at(-1)?.headers['x-lineament-name']).toBe('a%20b');
  });

  it('streams uploads', async () => {
    const answer = await get('/media/upload', { method: 'POST', body: new Uint8Array(1000) });
    expect(await answer.text()).toBe('bytes 1000');
    expect(await (await get('/media/upload', { method: 'POST' })).text()).toBe('bytes 0');
  });

  it('has no body for HEAD and for 304', async () => {
    expect(await (await get('/', { method: 'HEAD' })).text()).toBe('');
    expect(await (await get('/media/crop/ab.png', { method: 'HEAD' })).text()).toBe('');
    expect((await get('/media/same')).status).toBe(304);
  });

  it('names what failed', async () => {
    expect((await get('/', { method: 'POST' })).status).toBe(405);
    expect((await get('/media/crop/ab.png', { method: 'DELETE' })).status).toBe(405);
    const broken = await get('/media/broken');
    expect(broken.status).toBe(500);
    expect(await broken.json()).toMatchObject({ error: { code: 'app/internal' } });
    expect((await get('/media/stopped')).status).toBe(503);
  });
});
