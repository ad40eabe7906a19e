import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../../../src/core/base/errors.ts';
import { fileCaching, mediaCaching } from '../../../../src/main/hosts/page/caching.ts';
import { contentSecurityPolicy } from '../../../../src/main/hosts/page/csp.ts';
import { fileOfPath, openPageFiles } from '../../../../src/main/hosts/page/files.ts';

describe('fileOfPath', () => {
  it.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/assets/index-B1x9_q-2.js', 'assets/index-B1x9_q-2.js'],
    ['/assets/%69ndex.js', 'assets/index.js'],
  ])('maps %s to %s', (path, file) => expect(fileOfPath(path)).toBe(file));

  it.each([
    '',
    'index.html',
    '//index.html',
    '/assets/',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/assets/..\\secret.txt',
    '/C:/secret.txt',
    '/.env',
    '/assets/.env',
    '/index.html%00.js',
    '/%ff',
    '/%',
  ])('refuses %j', (path) => expect(fileOfPath(path)).toBeNull());
});

describe('openPageFiles', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-files-'));
    await mkdir(join(root, 'page'));
    await writeFile(join(root, 'page', 'index.html'), 'page');
    await writeFile(join(root, 'page', 'unknown.bin'), 'bytes');
    await writeFile(join(root, 'secret.txt'), 'secret');
    await symlink(join(root, 'secret.txt'), join(root, 'page', 'link.txt'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('reads a file with its type', async () => {
    const files = await openPageFiles(join(root, 'page'));
    const file = await files.read('/');
    expect(Buffer.from(file?.bytes ?? []).toString()).toBe('page');
    expect(file?.type).toBe('text/html; charset=utf-8');
    expect(file?.caching).toBe('no-cache');
  });

  it('answers nothing for what is missing, of an unknown type, or linked from outside', async () => {
    const files = await openPageFiles(join(root, 'page'));
    expect(await files.read('/missing.js')).toBeNull();
    expect(await files.read('/unknown.bin')).toBeNull();
    expect(await files.read('/link.txt')).toBeNull();
  });

  it('names the folder that holds no page', async () => {
    const thrown = await openPageFiles(root).catch((thrown: unknown) => thrown);
    expect(hasCode(thrown, 'host/no-interface')).toBe(true);
    expect(String(thrown)).toContain(root);
  });
});

describe('caching', () => {
  it('keeps for ever only what a hash names', () => {
    expect(fileCaching('assets/index-B1x9_q-2.js')).toContain('immutable');
    expect(fileCaching('index.html')).toBe('no-cache');
    expect(fileCaching('favicon-12345678.svg')).toBe('no-cache');
    expect(mediaCaching('/media/crop/ab.png', 200)).toContain('immutable');
    expect(mediaCaching('/media/thumbnail/ab.jpg', 200)).toContain('private');
    expect(mediaCaching('/media/crop/ab.png', 404)).toBe('no-store');
    expect(mediaCaching('/media/photo/1.jpg?side=99', 200)).toBe('no-store');
    expect(mediaCaching('/media/warp/1.png', 200)).toBe('no-store');
  });
});

describe('contentSecurityPolicy', () => {
  it('starts from nothing and allows no inline or evaluated script', () => {
    expect(contentSecurityPolicy.startsWith("default-src 'none'; script-src 'self'; ")).toBe(true);
    expect(contentSecurityPolicy).not.toMatch(/unsafe|http|\*/);
    for (const closed of ['base-uri', 'form-action', 'frame-ancestors']) {
      expect(contentSecurityPolicy).toContain(`${closed} 'none'`);
    }
  });
});
