import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Cancelled, error, LineamentError } from '../../core/base/errors.ts';
import { fileError, readHead } from '../images/source.ts';
import { byName, isJunk, isPictureHead } from './files.ts';
import { problem, toKey, withUniqueKeys } from './keys.ts';
import { folderLabel, layoutScan } from './layout.ts';
import type { Source, SourceItem, SourceLayout, SourceProblem } from './types.ts';

/** A folder of photographs at any depth. `layout` null means: find out (see `LayoutScan`), by walking it once more. */
export async function openFolder(
  path: string,
  layout: SourceLayout | null,
  signal?: AbortSignal,
): Promise<Source> {
  const decided = layout ?? (await scanFolder(path, signal));
  let ignored = 0;
  async function* items(abort?: AbortSignal): AsyncGenerator<SourceItem> {
    ignored = 0;
    for await (const found of walk(path, abort)) {
      if (found.kind === 'problem') yield found;
      else if (await isPicture(found)) yield await toPhoto(found, decided);
      else ignored++;
    }
  }
  return {
    kind: 'folder',
    layout: decided,
    path,
    items: (abort) => withUniqueKeys(items(abort)),
    ignored: () => ignored,
  };
}

async function scanFolder(path: string, signal?: AbortSignal): Promise<SourceLayout> {
  const scan = layoutScan();
  for await (const found of walk(path, signal)) {
    if (found.kind === 'file' && (await isPicture(found)) && !scan.add(found.key)) break;
  }
  return scan.layout();
}

interface FoundFile {
  readonly kind: 'file';
  readonly key: string;
  readonly path: string;
}

async function isPicture(file: FoundFile): Promise<boolean> {
  const verdict = byName(file.key);
  if (verdict !== 'unsure') return verdict === 'picture';
  try {
    return isPictureHead(await readHead(file.path));
  } catch {
    return false; // neither its name nor anything else says that it is a picture
  }
}

async function toPhoto(file: FoundFile, layout: SourceLayout): Promise<SourceItem> {
  try {
    const { size, mtimeMs } = await stat(file.path);
    return {
      kind: 'photo',
      key: file.key,
      label: layout === 'identities' ? folderLabel(file.key) : null,
      location: { type: 'file', path: file.path },
      size,
      modified: Math.round(mtimeMs),
    };
  } catch (thrown) {
    const failure = fileError(file.key, thrown);
    if (failure instanceof LineamentError) return problem(file.key, failure);
    throw thrown;
  }
}

/** The folders on the way from the root, and those entered through links, by their real paths. */
interface Trail {
  readonly root: string;
  readonly above: Set<string>;
  readonly linked: Set<string>;
  readonly signal: AbortSignal | undefined;
}

/** Every file below the folder, in the order of names; links inside the folder are followed, others reported. */
async function* walk(path: string, signal?: AbortSignal): AsyncGenerator<FoundFile | SourceProblem> {
  const root = await realpath(path).catch(() => path);
  yield* walkFolder(path, '', root, { root, above: new Set(), linked: new Set(), signal });
}

async function* walkFolder(
  path: string,
  key: string,
  real: string,
  trail: Trail,
): AsyncGenerator<FoundFile | SourceProblem> {
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (thrown) {
    yield problem(key === '' ? '.' : key, folderError(key === '' ? path : key, thrown));
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  trail.above.add(real);
  for (const entry of entries) {
    if (trail.signal?.aborted) throw new Cancelled();
    if (isJunk(entry.name)) continue;
    const child = {
      path: join(path, entry.name),
      key: toKey(key === '' ? entry.name : `${key}/${entry.name}`),
      real: join(real, entry.name),
    };
    if (entry.isFile()) yield { kind: 'file', key: child.key, path: child.path };
    else if (entry.isDirectory()) yield* walkFolder(child.path, child.key, child.real, trail);
    else if (entry.isSymbolicLink()) yield* walkLink(child.path, child.key, trail);
  }
  trail.above.delete(real);
}

async function* walkLink(path: string, key: string, trail: Trail): AsyncGenerator<FoundFile | SourceProblem> {
  const target = await realpath(path).catch(() => null);
  const kind = target === null ? null : await stat(target).catch(() => null);
  if (target === null || kind === null) {
    yield problem(key, error('import/link-broken', { path: key }));
    return;
  }
  const way = relative(trail.root, target);
  if (way === '..' || way.startsWith(`..${sep}`) || way === target) {
    yield problem(key, error('import/link-outside', { path: key, target }));
  } else if (kind.isFile()) {
    yield { kind: 'file', key, path };
  } else if (kind.isDirectory()) {
    // Once through a link is enough: links that lead to each other would multiply without end.
    if (trail.above.has(target) || trail.linked.has(target)) {
      yield problem(key, error('import/link-repeated', { path: key, target: toKey(way, sep) || '.' }));
      return;
    }
    trail.linked.add(target);
    yield* walkFolder(path, key, target, trail);
  }
}

function folderError(path: string, thrown: unknown): LineamentError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code;
  return error('import/unreadable-folder', { path, reason }, thrown);
}
