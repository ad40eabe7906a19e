import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import {
  binEnd,
  binList,
  binPictureHead,
  binStart,
  pictureBytes,
  readBin,
} from '../../core/benchmarks/bin.ts';
import { writeError } from '../datasets/write-error.ts';
import { openPickleSource } from './bin-source.ts';
import { openFile, readAt } from './read-file.ts';
import type { LoadedPairs } from './reading.ts';

/**
 * Opens InsightFace's `.bin`: its pictures stay in the file and are read one by one. Memory: where they are, and one of them.
 * Errors: file/cannot-read, those of pickles, benchmark/bad-bytes, benchmark/too-large.
 */
export async function openBin(path: string): Promise<LoadedPairs> {
  const name = basename(path);
  const source = openPickleSource(path);
  const { pictures, same } = (() => {
    try {
      return readBin(source, name);
    } finally {
      source.close();
    }
  })();
  const handle = await openFile(path);
  const numberOf = (key: string): number => (/^bin:\d{1,9}$/.test(key) ? Number(key.slice(4)) : -1);
  return {
    list: binList(same),
    pictures: {
      has: (key) => pictures[numberOf(key)] !== undefined,
      place: () => null,
      open: async (key) => {
        const picture = pictures[numberOf(key)];
        if (picture === undefined) throw error('benchmark/no-picture', { path, key });
        if (picture.at === 'memory') return picture.bytes;
        const { offset, length, isText } = picture;
        const bytes = pictureBytes(await readAt(handle, offset, length, name), isText);
        if (bytes === null)
          throw error('benchmark/bad-bytes', {
            file: name,
            offset,
            detail: `the picture ${key} is a text of other letters than bytes`,
          });
        return bytes;
      },
      close: () => handle.close(),
    },
  };
}

/**
 * Writes a `.bin` that InsightFace's own code reads under Python 3: `pictures` encoded, two to each of `same`, one at a time, under
 * a temporary name until it is whole. Errors: pack/write-failed, and what the pictures throw.
 */
export async function writeBin(
  path: string,
  pictures: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  same: readonly boolean[],
): Promise<void> {
  const partial = `${path}.part`;
  const file = await open(partial, 'w').catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
  const put = (bytes: Uint8Array): Promise<void> =>
    file.writeFile(bytes).catch((thrown: unknown) => {
      throw writeError(path, thrown);
    });
  try {
    await put(binStart);
    let written = 0;
    for await (const picture of pictures) {
      await put(binPictureHead(picture.length));
      await put(picture);
      written++;
    }
    assert(written === same.length * 2, `${written} pictures for ${same.length} pairs`);
    await put(binEnd(same));
    await file.sync();
    await file.close();
    await rename(partial, path).catch((thrown: unknown) => {
      throw writeError(path, thrown);
    });
  } catch (thrown) {
    await file.close().catch(() => undefined); // closed already, or closing fails as writing did
    await rm(partial, { force: true });
    throw thrown;
  }
}
