import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { assert } from '../../core/base/assert.ts';
import { torchPickle, type WrittenTensor } from '../../core/weights/torch-pickle.ts';
import { writeError } from '../datasets/write-error.ts';
import { atomically } from '../models/files.ts';

/** A tensor with its numbers. */
export interface TensorContent extends WrittenTensor {
  readonly numbers: Float32Array | BigInt64Array | null;
}

/** PyTorch begins storages at multiples of it, so that they can be mapped into memory. */
const alignment = 64;
/** Without ZIP64; no network here comes near it. */
const mostBytes = 2 ** 32 - 1;

/**
 * Writes tensors in the zip format of `torch.save` (1.6 and later), all at once or not at all; gives the file's bytes. Error:
 * `pack/write-failed`.
 */
export async function writeTorchFile(
  path: string,
  tensors: readonly TensorContent[],
  facts: Readonly<Record<string, number>> | null,
): Promise<number> {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const members: { readonly name: string; readonly bytes: Uint8Array }[] = [
    { name: 'archive/data.pkl', bytes: torchPickle(tensors, facts) },
    { name: 'archive/byteorder', bytes: text('little') },
    ...tensors.map(({ name, shape, numbers }, i) => {
      assert(numbers !== null, `the numbers of ${name}`);
      const count = shape.reduce((product, side) => product * side, 1);
      assert(numbers.length === count, `${numbers.length} numbers of ${name} [${shape}]`);
      const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
      return { name: `archive/data/${i}`, bytes };
    }),
    { name: 'archive/version', bytes: text('3\n') },
  ];
  let at = 0;
  const write = async (temporary: string): Promise<void> => {
    const handle = await open(temporary, 'w');
    try {
      const put = async (bytes: Uint8Array): Promise<void> => {
        for (let done = 0; done < bytes.length; )
          done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
        at += bytes.length;
      };
      const directory: Uint8Array[] = [];
      for (const { name, bytes } of members) {
        const entry = { name: text(name), crc: crc32(bytes), size: bytes.length, offset: at };
        directory.push(centralHeader(entry));
        await put(localHeader(entry));
        await put(bytes);
      }
      const start = at;
      for (const header of directory) await put(header);
      assert(at <= mostBytes, `${at} bytes in an archive without ZIP64`);
      await put(endRecord(directory.length, at - start, start));
    } finally {
      await handle.close();
    }
  };
  try {
    await mkdir(dirname(path), { recursive: true });
    await atomically(path, write);
  } catch (thrown) {
    throw writeError(path, thrown);
  }
  return at;
}

interface Entry {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
  readonly offset: number;
}

/** From the version that is needed to the sizes: the same in both headers. Stored; UTF-8 names; 1 January 1980. */
function common(view: DataView, at: number, { crc, size, name }: Entry, extra: number): void {
  const fields = [20, 0x0800, 0, 0, 0x21];
  for (const [i, value] of fields.entries()) view.setUint16(at + 2 * i, value, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, name.length, true);
  view.setUint16(at + 24, extra, true);
}

/** With an extra field (its mark is PyTorch's, FB) as long as it takes for the bytes behind it to begin aligned. */
function localHeader(entry: Entry): Uint8Array {
  const plain = entry.offset + 30 + entry.name.length + 4;
  const padding = (alignment - (plain % alignment)) % alignment;
  const bytes = new Uint8Array(30 + entry.name.length + 4 + padding);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x04034b50, true);
  common(view, 4, entry, 4 + padding);
  bytes.set(entry.name, 30);
  view.setUint16(30 + entry.name.length, 0x4246, true);
  view.setUint16(32 + entry.name.length, padding, true);
  return bytes;
}

function centralHeader(entry: Entry): Uint8Array {
  const bytes = new Uint8Array(46 + entry.name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(4, 20, true);
  common(view, 6, entry, 0);
  view.setUint32(42, entry.offset, true);
  bytes.set(entry.name, 46);
  return bytes;
}

function endRecord(count: number, size: number, start: number): Uint8Array {
  const bytes = new Uint8Array(22);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, start, true);
  return bytes;
}
