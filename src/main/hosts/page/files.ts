import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { error } from '../../../core/base/errors.ts';
import { fileCaching } from './caching.ts';

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

/**
 * Name of the renderer's file for a URL's path, relative with forward slashes; null if the path is not acceptable.
 * Decodes once; whatever then still could climb, hide or name another drive is refused.
 */
export function fileOfPath(path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded === '/') return 'index.html';
  const name = decoded.slice(1);
  // Only names that a build writes: no `..`, no hidden files, no backslash, colon, percent sign or control character.
  const plain = name.split('/').every((part) => /^[\w@-][\w.@-]*$/.test(part));
  return decoded.startsWith('/') && plain ? name : null;
}

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly caching: string;
}

/** Answers with the renderer's files. */
export interface PageFiles {
  /** The file for a URL's path; null where there is none. */
  read(path: string): Promise<PageFile | null>;
}

/** Opens the folder that the renderer was built to; throws `host/no-interface` if it has no index.html. */
export async function openPageFiles(rendererDir: string): Promise<PageFiles> {
  const index = await stat(join(rendererDir, 'index.html')).catch(() => null);
  if (index === null || !index.isFile()) throw error('host/no-interface', { folder: rendererDir });
  const root = await realpath(rendererDir);
  return {
    read: async (path) => {
      const name = fileOfPath(path);
      const type = name === null ? undefined : types[name.slice(name.lastIndexOf('.') + 1)];
      if (name === null || type === undefined) return null;
      // A symbolic link must not lead out of the folder.
      const real = await realpath(join(root, name)).catch(() => null);
      if (real === null || !real.startsWith(root + sep)) return null;
      const bytes = await readFile(real).catch(() => null);
      return bytes === null ? null : { bytes, type, caching: fileCaching(name) };
    },
  };
}
