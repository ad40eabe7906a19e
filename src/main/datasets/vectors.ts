import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import { writeError } from './write-error.ts';

/**
 * Embeddings of one model: rows of `width` float32 (little-endian) one after another in `<model>.f32`. A row's number
 * is kept by whoever added it, together with how many rows are committed; rows beyond that are cut off on opening.
 */
export interface Vectors {
  /** Numbers in a row. */
  readonly width: number;
  /** Rows in the file, also those that are not flushed yet. */
  readonly rows: number;
  /** Adds whole rows, [n, width]; the first one's number is the result. Errors: pack/write-failed. */
  append(values: Float32Array): Promise<number>;
  /** Rows `start` to `start + count`, [count, width]. Errors: pack/damaged where the file is too short. */
  read(start: number, count: number): Promise<Float32Array>;
  /** Waits until all that was added is on the disk. How many rows may be recorded as committed is the result. */
  flush(): Promise<number>;
  close(): Promise<void>;
}

/** Errors: pack/damaged where the file has fewer rows than were recorded; pack/write-failed. */
export async function openVectors(path: string, width: number, committedRows: number): Promise<Vectors> {
  assert(Number.isInteger(width) && width > 0, `rows of ${width} numbers`);
  assert(new Uint8Array(new Uint16Array([1]).buffer)[0] === 1, 'the machine is little-endian');
  const rowBytes = width * 4;
  const handle = await openCut(path, committedRows * rowBytes);
  let rows = committedRows;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    assert(!closed, 'the vectors are open');
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  const write = async (values: Float32Array): Promise<number> => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    try {
      for (let done = 0; done < bytes.length; ) {
        const at = rows * rowBytes + done;
        done += (await handle.write(bytes, done, bytes.length - done, at)).bytesWritten;
      }
    } catch (thrown) {
      throw writeError(path, thrown);
    }
    const first = rows;
    rows += values.length / width;
    return first;
  };
  return {
    width,
    get rows() {
      return rows;
    },
    append: (values) => {
      assert(values.length % width === 0, `${values.length} numbers in rows of ${width}`);
      return inTurn(() => write(values));
    },
    read: (start, count) => readRows(handle, path, width, start, count),
    flush: () =>
      inTurn(async () => {
        await handle.sync().catch((thrown: unknown) => {
          throw writeError(path, thrown);
        });
        return rows;
      }),
    close: async () => {
      if (closed) return;
      const last = turn;
      closed = true;
      await last;
      await handle.close();
    },
  };
}

async function openCut(path: string, committed: number): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'r+').catch(async (thrown: unknown) => {
    if (committed > 0) throw error('pack/damaged', { file: path, detail: 'it is missing' }, thrown);
    return open(path, 'w+').catch((failure: unknown) => {
      throw writeError(path, failure);
    });
  });
  const { size } = await handle.stat();
  if (size < committed) {
    await handle.close();
    const detail = `it has ${size} bytes of the ${committed} that were recorded`;
    throw error('pack/damaged', { file: path, detail });
  }
  if (size > committed) await handle.truncate(committed);
  return handle;
}

/** Rows of such a file, [count, width]; also for those who only read, with a handle of their own. */
export async function readRows(
  handle: FileHandle,
  path: string,
  width: number,
  start: number,
  count: number,
): Promise<Float32Array> {
  assert(start >= 0 && count >= 0, `${count} rows from ${start}`);
  const values = new Float32Array(count * width);
  const bytes = new Uint8Array(values.buffer);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start * width * 4 + done);
    if (bytesRead === 0) {
      throw error('pack/damaged', { file: path, detail: `it ends before row ${start + count}` });
    }
    done += bytesRead;
  }
  return values;
}
