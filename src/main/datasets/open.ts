import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { SourceKind } from '../../core/contract/datasets.ts';
import { sniff } from '../images/sniff.ts';
import { fileError, readHead } from '../images/source.ts';
import { type ArchiveLimits, openArchive } from './archive.ts';
import { archiveFormat } from './archive-format.ts';
import { openFolder } from './folder.ts';
import { toKey } from './keys.ts';
import { openList } from './list.ts';
import type { Source, SourceItem, SourceLayout } from './types.ts';

export interface SourceOptions {
  /**
   * `flat` (no labels) and `identities` (the folder's name is the label) settle the layout of folders and archives,
   * `list` and `archive` what a file has to be; `auto` finds out.
   */
  readonly kind?: SourceKind;
  /** The folder that a list's paths are relative to; otherwise the list's own. */
  readonly root?: string | undefined;
  readonly archive?: ArchiveLimits;
  readonly signal?: AbortSignal;
}

/**
 * Opens a place that photographs are imported from: a folder, a zip, tar or tar.gz archive, a text list, or one
 * picture; files are told apart by content. Throws import/not-found, import/unsupported-file, image/unreadable and
 * `Cancelled`; every later trouble is an item.
 */
export async function openSource(path: string, options: SourceOptions = {}): Promise<Source> {
  const absolute = resolve(path);
  const kind = options.kind ?? 'auto';
  const stats = await stat(absolute).catch((thrown: unknown) => {
    throw error('import/not-found', { path: absolute }, thrown);
  });
  const layout: SourceLayout | null = kind === 'flat' || kind === 'identities' ? kind : null;
  if (stats.isDirectory()) {
    if (kind === 'list' || kind === 'archive') throw error('import/unsupported-file', { path: absolute });
    return openFolder(absolute, layout, options.signal);
  }
  if (!stats.isFile()) throw error('import/unsupported-file', { path: absolute });
  const head = await readHead(absolute).catch((thrown: unknown) => {
    throw fileError(absolute, thrown);
  });
  const format = kind === 'list' ? null : await archiveFormat(absolute, head);
  if (format !== null) return openArchive(absolute, format, layout, options.archive, options.signal);
  const isText = kind === 'list' || (kind === 'auto' && looksLikeText(head));
  const isPicture = sniff(head).kind === 'image' || (kind === 'auto' && !isText && head.length === 0);
  if (isPicture && kind !== 'archive' && kind !== 'list')
    return openFile(absolute, stats.size, stats.mtimeMs);
  if (isText) return openList(absolute, resolve(options.root ?? dirname(absolute)));
  throw error('import/unsupported-file', { path: absolute });
}

/** One picture. */
function openFile(path: string, size: number, mtimeMs: number): Source {
  const key = toKey(basename(path));
  async function* items(): AsyncGenerator<SourceItem> {
    const location = { type: 'file', path } as const;
    yield { kind: 'photo', key, label: null, location, size, modified: Math.round(mtimeMs) };
  }
  return { kind: 'file', layout: 'flat', path, items, ignored: () => 0 };
}

/** Whether these first bytes are UTF-8 text; the last character may be cut. */
function looksLikeText(head: Uint8Array): boolean {
  if (head.length === 0 || head.some((byte) => byte < 32 && ![9, 10, 12, 13].includes(byte))) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
