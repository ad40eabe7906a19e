import { hash } from 'node:crypto';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import { writeError } from './write-error.ts';

/**
 * Packs: thumbnails, crops and copies of originals one after another in `<name>-000000.pack` and on, so that no folder
 * holds a million files. Where a blob lies is kept by whoever asked for it (the database), together with the end up to
 * which the packs are committed. A crash leaves bytes beyond that end, which the next opening cuts off.
 */

export interface PackLocation {
  /** Number of the pack file. */
  readonly file: number;
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Bytes of the blob. */
  readonly length: number;
}

/** The place after the last blob. */
export interface PackEnd {
  readonly file: number;
  readonly offset: number;
}

export interface PackOptions {
  /** Start of the file names. */
  readonly name: string;
  /** The end that was recorded last; null for packs that nothing was recorded of. */
  readonly committed: PackEnd | null;
  /** A file is not begun anew before it holds this many bytes. */
  readonly fileBytes?: number;
}

/** Reads blobs; any number of readers may be open beside one writer. */
export interface PackReader {
  /**
   * A blob. With its SHA-256 (hexadecimal) the content is checked against it.
   * Errors: pack/damaged where the file is missing, too short or has other content.
   */
  read(location: PackLocation, sha256?: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface Pack extends PackReader {
  /** Adds a blob; calls are taken in turn. Errors: pack/write-failed. */
  append(bytes: Uint8Array): Promise<PackLocation>;
  /** Waits until all that was added is on the disk. What may be recorded as committed is the result. */
  flush(): Promise<PackEnd>;
}

/** Where a pack's file of that number lies. */
export function packPath(dir: string, name: string, file: number): string {
  return join(dir, `${name}-${String(file).padStart(6, '0')}.pack`);
}

export function openPackReader(dir: string, name: string): PackReader {
  const handles = new Map<number, Promise<FileHandle>>();
  const handle = (file: number): Promise<FileHandle> => {
    const known = handles.get(file);
    if (known !== undefined) return known;
    const opened = open(packPath(dir, name, file), 'r');
    handles.set(file, opened);
    opened.catch(() => handles.delete(file));
    return opened;
  };
  return {
    read: async ({ file, offset, length }, sha256) => {
      const path = packPath(dir, name, file);
      const opened = await handle(file).catch((thrown: unknown) => {
        throw error('pack/damaged', { file: path, detail: 'it is missing or cannot be opened' }, thrown);
      });
      const bytes = new Uint8Array(length);
      const { bytesRead } = await opened.read(bytes, 0, length, offset);
      if (bytesRead < length) {
        throw error('pack/damaged', { file: path, detail: `it ends before byte ${offset + length}` });
      }
      if (sha256 !== undefined && hash('sha256', bytes) !== sha256) {
        throw error('pack/damaged', { file: path, detail: `the content at byte ${offset} has changed` });
      }
      return bytes;
    },
    close: async () => {
      const opened = await Promise.allSettled(handles.values());
      handles.clear();
      for (const result of opened) if (result.status === 'fulfilled') await result.value.close();
    },
  };
}

/**
 * Opens packs for adding; one writer at a time. Cuts off what was added after `committed`.
 * Errors: pack/damaged where files are shorter than what was recorded; pack/write-failed.
 */
export async function openPack(dir: string, options: PackOptions): Promise<Pack> {
  const { name } = options;
  const fileBytes = options.fileBytes ?? 2 ** 30;
  const pathOf = (file: number): string => packPath(dir, name, file);
  await mkdir(dir, { recursive: true });
  let { file, offset } = options.committed ?? { file: 0, offset: 0 };
  await checkEnd(pathOf(file), offset);
  await cutFrom(pathOf, file + 1);
  let handle = await openAt(pathOf(file), offset);
  const reader = openPackReader(dir, name);
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    assert(!closed, 'the pack is open');
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };

  const append = async (bytes: Uint8Array): Promise<PackLocation> => {
    try {
      if (offset >= fileBytes) {
        await handle.sync();
        const next = await openAt(pathOf(file + 1), 0);
        await handle.close();
        handle = next;
        file++;
        offset = 0;
      }
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
      }
    } catch (thrown) {
      throw writeError(pathOf(file), thrown);
    }
    const location = { file, offset, length: bytes.length };
    offset += bytes.length;
    return location;
  };
  return {
    append: (bytes) => inTurn(() => append(bytes)),
    flush: () =>
      inTurn(async () => {
        await handle.sync().catch((thrown: unknown) => {
          throw writeError(pathOf(file), thrown);
        });
        return { file, offset };
      }),
    read: reader.read,
    close: async () => {
      if (closed) return;
      const last = turn;
      closed = true;
      await last;
      await reader.close();
      await handle.close();
    },
  };
}

async function checkEnd(path: string, offset: number): Promise<void> {
  if (offset === 0) return;
  const size = await stat(path).then(
    (stats) => stats.size,
    () => -1,
  );
  if (size >= offset) return;
  const detail = size < 0 ? 'it is missing' : `it has ${size} bytes of the ${offset} that were recorded`;
  throw error('pack/damaged', { file: path, detail });
}

/** Empties the files that a crash left after the committed one. They are kept empty: a reader may have one open. */
async function cutFrom(pathOf: (file: number) => string, first: number): Promise<void> {
  for (let file = first; ; file++) {
    const handle = await open(pathOf(file), 'r+').catch(() => null);
    if (handle === null) return;
    await handle.truncate(0);
    await handle.close();
  }
}

/** Opens the file for writing (and makes it), cut off at `offset`. */
async function openAt(path: string, offset: number): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r+').catch(() => open(path, 'w+'));
    await handle.truncate(offset);
    return handle;
  } catch (thrown) {
    throw writeError(path, thrown);
  }
}
