import { basename } from 'node:path';
import { assert } from '../../core/base/assert.ts';
import { LineamentError } from '../../core/base/errors.ts';
import { problem, toKey, withUniqueKeys } from './keys.ts';
import { folderLabel, layoutScan } from './layout.ts';
import { openSource, type SourceOptions } from './open.ts';
import type { Source, SourceItem, SourceLayout, SourceProblem } from './types.ts';

/** A part of a source made of several: its keys in the whole, and the source or why it cannot be opened. */
interface Part {
  readonly keyOf: (key: string) => string;
  readonly source: Source | SourceProblem;
}

/**
 * Opens several places as one source, as when many files and folders are dropped at once. One path is that source
 * itself. Keys start with the name of their folder, list or archive; single pictures keep their names, numbered where
 * they are the same. Folders that are flat each, and together look like a folder per identity, are taken for that
 * (unless `kind` says otherwise).
 * A place that cannot be opened is a problem among the items; where none can, its error is thrown.
 */
export async function openSources(paths: readonly string[], options: SourceOptions = {}): Promise<Source> {
  const [only] = paths;
  assert(only !== undefined, 'there is a path');
  if (paths.length === 1) return openSource(only, options);
  const parts = await openParts(paths, options);
  const together = await isFolderPerIdentity(parts, options);
  async function* items(signal?: AbortSignal): AsyncGenerator<SourceItem> {
    for (const { keyOf, source } of parts) {
      if (source.kind === 'problem') {
        yield source;
        continue;
      }
      for await (const item of source.items(signal)) {
        const key = keyOf(item.key);
        yield together && item.kind === 'photo'
          ? { ...item, key, label: folderLabel(key) }
          : { ...item, key };
      }
    }
  }
  return {
    kind: 'several',
    layout: together ? 'identities' : commonLayout(parts),
    path: paths.join('\n'),
    items: (signal) => withUniqueKeys(items(signal)),
    ignored: () => parts.reduce((n, { source }) => n + (source.kind === 'problem' ? 0 : source.ignored()), 0),
  };
}

async function openParts(paths: readonly string[], options: SourceOptions): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const names = new Set<string>();
  let first: LineamentError | null = null;
  for (const path of paths) {
    try {
      const source = await openSource(path, options);
      const name = unusedName(source.path, names);
      parts.push({ keyOf: (key) => (source.kind === 'file' ? name : `${name}/${key}`), source });
    } catch (thrown) {
      if (!(thrown instanceof LineamentError)) throw thrown;
      first ??= thrown;
      parts.push({ keyOf: (key) => key, source: problem(toKey(basename(path)), thrown) });
    }
  }
  if (first !== null && parts.every(({ source }) => source.kind === 'problem')) throw first;
  return parts;
}

/** The last part of the path, numbered where another of these places has the same. */
function unusedName(path: string, names: Set<string>): string {
  const name = toKey(basename(path)) || 'disk';
  let unused = name;
  for (let n = 2; names.has(unused); n++) unused = `${name} (${n})`;
  names.add(unused);
  return unused;
}

const opened = (parts: readonly Part[]): readonly Source[] =>
  parts.flatMap(({ source }) => (source.kind === 'problem' ? [] : [source]));

/** The layout of the parts; where they differ, that of those with labels. */
function commonLayout(parts: readonly Part[]): SourceLayout {
  const layouts = new Set(opened(parts).map((source) => source.layout));
  return layouts.has('identities') ? 'identities' : layouts.has('list') ? 'list' : 'flat';
}

async function isFolderPerIdentity(parts: readonly Part[], options: SourceOptions): Promise<boolean> {
  if (options.kind !== undefined && options.kind !== 'auto') return false;
  if (opened(parts).some((source) => source.kind !== 'folder' || source.layout !== 'flat')) return false;
  const scan = layoutScan();
  for (const { keyOf, source } of parts) {
    if (source.kind === 'problem') continue;
    for await (const item of source.items(options.signal)) {
      if (item.kind === 'photo' && !scan.add(keyOf(item.key))) return false;
    }
  }
  return scan.layout() === 'identities';
}
