import { type FileHandle, open, stat } from 'node:fs/promises';
import { error, LineamentError } from '../../core/base/errors.ts';

/** Files of benchmarks: lists as text, parts of what is too long to be held. */

/** No list that is held as text is longer: IJB-C's longest has 60 MB. */
const mostTextBytes = 256 * 2 ** 20;

/** A whole text; bytes that are no UTF-8 become U+FFFD. Errors: file/cannot-read, benchmark/too-large. */
export async function readText(path: string, name: string): Promise<string> {
  return new TextDecoder().decode(await readWhole(path, name, mostTextBytes));
}

/** A whole file. Errors: file/cannot-read, benchmark/too-large. */
export async function readWhole(path: string, name: string, limit: number): Promise<Uint8Array> {
  return withFile(path, async (handle) => {
    const { size } = await handle.stat();
    if (size > limit)
      throw error('benchmark/too-large', { file: name, what: `${size} bytes`, offset: limit, limit });
    return readAt(handle, 0, size, name);
  });
}

/** The first bytes, as many as there are. */
export async function readStart(path: string, count: number): Promise<Uint8Array> {
  return withFile(path, async (handle) => {
    const { size } = await handle.stat();
    return readAt(handle, 0, Math.min(size, count), path);
  });
}

/** Exactly these bytes; the file's size saves asking for it. Error: benchmark/bad-bytes where the file ends before. */
export async function readAt(
  handle: FileHandle,
  offset: number,
  count: number,
  name: string,
  size?: number,
): Promise<Uint8Array> {
  const known = size ?? (await handle.stat()).size;
  if (offset + count > known) {
    const detail = `${count} bytes are needed and ${Math.max(0, known - offset)} are left`;
    throw error('benchmark/bad-bytes', { file: name, offset, detail });
  }
  const bytes = new Uint8Array(count);
  for (let done = 0; done < count; ) {
    const { bytesRead } = await handle.read(bytes, done, count - done, offset + done);
    if (bytesRead === 0)
      throw error('benchmark/bad-bytes', {
        file: name,
        offset: offset + done,
        detail: 'it has become shorter',
      });
    done += bytesRead;
  }
  return bytes;
}

/** Opens a file. Error: file/cannot-read. */
export async function openFile(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((thrown: unknown) => {
    throw cannotRead(path, thrown);
  });
}

export async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openFile(path);
  try {
    return await work(handle);
  } catch (thrown) {
    throw thrown instanceof LineamentError ? thrown : cannotRead(path, thrown);
  } finally {
    await handle.close();
  }
}

export function cannotRead(path: string, thrown: unknown): LineamentError {
  return error('file/cannot-read', { path, detail: messageOf(thrown) }, thrown);
}

export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
