import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { assert } from '../../core/base/assert.ts';
import type { PickleSource } from '../../core/pickle/read.ts';
import { cannotRead } from './read-file.ts';

/** As much of a file as is held at a time. */
const windowBytes = 1 << 18;

/**
 * A file as a source of pickled bytes: reading is synchronous, as the reader of pickles is, and mostly goes forward. What is passed
 * over is not read. Error: file/cannot-read.
 */
export function openPickleSource(path: string): PickleSource & { close(): void } {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw cannotRead(path, thrown);
    }
  };
  const file = guarded(() => openSync(path, 'r'));
  const length = guarded(() => fstatSync(file).size);
  let window = new Uint8Array(0);
  let start = 0;
  return {
    length,
    read: (offset, count) => {
      assert(offset + count <= length, 'within the file');
      if (offset < start || offset + count > start + window.length) {
        // little is asked for between pictures that are passed over: a small window is read first
        const ahead = offset >= start && offset < start + 2 * windowBytes ? windowBytes : 1024;
        const wanted = Math.min(length - offset, Math.max(count, ahead));
        const next = new Uint8Array(wanted);
        for (let done = 0; done < wanted; ) {
          const read = guarded(() => readSync(file, next, done, wanted - done, offset + done));
          if (read === 0) throw cannotRead(path, new Error('it has become shorter'));
          done += read;
        }
        window = next;
        start = offset;
      }
      return window.subarray(offset - start, offset - start + count);
    },
    close: () => closeSync(file),
  };
}
