import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Cancelled, error, LineamentError } from '../../core/base/errors.ts';
import { fileError } from '../images/source.ts';
import { problem, toKey, withUniqueKeys } from './keys.ts';
import type { Source, SourceItem } from './types.ts';

/**
 * A text list, as FaceX-Zoo's: `relative/path label`, one photograph a line, UTF-8. The label is what follows the
 * last space or tab, so that paths may contain spaces; a line that is a path as a whole has no label. Blank lines
 * and lines that start with # are skipped. Paths are relative to `root`, and may not lead out of it.
 */
export function openList(path: string, root: string): Source {
  async function* items(signal?: AbortSignal): AsyncGenerator<SourceItem> {
    try {
      let line = 0;
      for await (const text of lines(path)) {
        if (signal?.aborted) throw new Cancelled();
        line++;
        if (text === null) yield malformed(path, line, `it is longer than ${longest} characters`);
        else if (text.trim() !== '' && !text.startsWith('#'))
          yield await readLine(text.trim(), line, path, root);
      }
    } catch (thrown) {
      const failure = fileError(path, thrown);
      if (!(failure instanceof LineamentError)) throw thrown;
      yield problem('.', failure);
    }
  }
  return {
    kind: 'list',
    layout: 'list',
    path,
    items: (signal) => withUniqueKeys(items(signal)),
    ignored: () => 0,
  };
}

const malformed = (list: string, line: number, detail: string): SourceItem =>
  problem(`line ${line}`, error('import/list-malformed', { list, line, detail }));

async function readLine(text: string, line: number, list: string, root: string): Promise<SourceItem> {
  const parts = /^(.*\S)[ \t]+(\S+)$/.exec(text);
  const candidates: readonly (readonly [string, string | null])[] = [
    ...(parts ? [[parts[1] ?? '', parts[2] ?? ''] as const] : []),
    [text, null],
  ];
  for (const [path, label] of candidates) {
    const absolute = resolve(root, path);
    const way = relative(root, absolute);
    if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
      return problem(toKey(path, sep), error('import/list-outside', { list, line, path, root }));
    }
    const found = await findFile(absolute);
    if (found === null) continue;
    const { file, stats } = found;
    if (!stats.isFile()) return malformed(list, line, `${path} is not a file`);
    return {
      kind: 'photo',
      key: toKey(way, sep),
      label: label?.normalize('NFC') ?? null,
      location: { type: 'file', path: file },
      size: stats.size,
      modified: Math.round(stats.mtimeMs),
    };
  }
  const path = candidates[0]?.[0] ?? text;
  return problem(toKey(path, sep), error('import/list-missing-file', { list, line, path }));
}

/** The file of that path, also where the list and the disk write its letters in different Unicode forms. */
async function findFile(path: string): Promise<{ file: string; stats: Stats } | null> {
  for (const file of new Set([path, path.normalize('NFC'), path.normalize('NFD')])) {
    const stats = await stat(file).catch(() => null);
    if (stats !== null) return { file, stats };
  }
  return null;
}

/** A line may be this long; a file without line ends must not fill the memory. */
const longest = 65_536;

/** The lines of a text file without their ends; null for one that is too long. */
async function* lines(path: string): AsyncGenerator<string | null> {
  const decoder = new TextDecoder(); // drops a byte order mark
  let rest = '';
  let tooLong = false;
  for await (const chunk of createReadStream(path)) {
    const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split(/\r?\n/);
    rest = parts.pop() ?? '';
    for (const part of parts) {
      yield tooLong || part.length > longest ? null : part;
      tooLong = false;
    }
    if (rest.length > longest) {
      tooLong = true;
      rest = '';
    }
  }
  rest += decoder.decode();
  if (tooLong) yield null;
  else if (rest !== '') yield rest;
}
