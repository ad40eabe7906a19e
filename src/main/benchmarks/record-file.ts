import { basename } from 'node:path';
import { error } from '../../core/base/errors.ts';
import { readRecordIndex } from '../../core/benchmarks/record-index.ts';
import {
  type ImageRecord,
  joinParts,
  partHeadBytes,
  readImageRecord,
  readPartHead,
} from '../../core/benchmarks/recordio.ts';
import { isFile, openFile, readAt, readText } from './read-file.ts';

/** InsightFace's `.rec` with its `.idx`, opened: encoded pictures with the number of their identity. */
export interface RecordFile {
  /** The numbers of the pictures' records, in the index's order. */
  readonly pictures: readonly number[];
  /** One record; the picture is encoded. Errors: benchmark/no-picture, benchmark/bad-bytes. */
  record(key: number): Promise<ImageRecord>;
  /**
   * The label of every picture, in the order of `pictures`: that of the first picture of its identity where InsightFace's records of
   * identities say which these are (−1 where none has it), otherwise its own first. Only heads of records are read.
   */
  labels(): Promise<Float64Array>;
  close(): Promise<void>;
}

/** Parts of a record that are put together; a picture has one, hardly ever two. */
const mostParts = 1024;
const mostRecordBytes = 256 * 2 ** 20;

/**
 * Opens a `.rec`. Record 0 of InsightFace's files has two labels: pictures are the records from 1 to before the first, identities
 * those from there to the second; where it is a picture itself, all records are. Without an `.idx` the records are counted by
 * walking through their heads. Errors: file/cannot-read, benchmark/bad-bytes, benchmark/bad-line.
 */
export async function openRecordFile(path: string): Promise<RecordFile> {
  const name = basename(path);
  const indexPath = path.replace(/\.rec$/i, '.idx');
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    const known = indexPath !== path && (await isFile(indexPath));
    const offsets = known
      ? readRecordIndex(await readText(indexPath, basename(indexPath)), basename(indexPath))
      : await walk();
    const record = async (key: number): Promise<ImageRecord> => {
      const offset = offsets.get(key);
      if (offset === undefined) throw error('benchmark/no-picture', { path, key });
      return readImageRecord(await readParts(offset), name, offset);
    };
    const head = offsets.has(0) ? await record(0) : null;
    const [end, last] = head !== null && head.picture.length === 0 ? head.labels : [];
    if (end !== undefined && !(end <= offsets.size))
      throw error('benchmark/bad-bytes', {
        file: name,
        offset: 0,
        detail: `it promises ${end} records and has ${offsets.size}`,
      });
    const pictures = [...offsets.keys()].filter((key) => end === undefined || (key >= 1 && key < end));
    return {
      pictures,
      record,
      labels: async () => {
        if (end !== undefined && last !== undefined && last > end) return labelsByIdentity(end, last);
        const labels = new Float64Array(pictures.length);
        for (const [i, key] of pictures.entries()) labels[i] = await labelAt(offsets.get(key) ?? 0);
        return labels;
      },
      close: () => handle.close(),
    };

    /** One label is read of each identity: millions of pictures have some ten thousand. */
    async function labelsByIdentity(first: number, behind: number): Promise<Float64Array> {
      const labels = new Map<number, number>();
      let covered = 1;
      for (let identity = first; identity < behind; identity++) {
        const [from = 0, to = 0] = (await record(identity)).labels;
        if (!Number.isInteger(from) || from < covered || to < from || to > first)
          throw error('benchmark/bad-bytes', {
            file: name,
            offset: offsets.get(identity) ?? 0,
            detail: `the identity’s pictures are said to be ${from} to before ${to}`,
          });
        const offset = offsets.get(from);
        const label = from === to || offset === undefined ? 0 : await labelAt(offset);
        for (let key = from; key < to; key++) if (offsets.has(key)) labels.set(key, label);
        covered = to;
      }
      return Float64Array.from(pictures, (key) => labels.get(key) ?? -1);
    }

    async function readParts(offset: number): Promise<Uint8Array> {
      const parts: Uint8Array[] = [];
      for (let at = offset, total = 0; ; ) {
        const part = readPartHead(await readAt(handle, at, partHeadBytes, name, size), name, at);
        const fits = parts.length === 0 ? ['whole', 'first'] : ['middle', 'last'];
        total += part.length;
        if (!fits.includes(part.kind) || parts.length >= mostParts || total > mostRecordBytes)
          throw error('benchmark/bad-bytes', {
            file: name,
            offset: at,
            detail: `a ${part.kind} part does not belong here`,
          });
        parts.push(await readAt(handle, at + partHeadBytes, part.length, name, size));
        if (part.kind === 'whole' || part.kind === 'last') return joinParts(parts);
        at += partHeadBytes + part.padded;
      }
    }

    /** Only the header, and the first of several labels. */
    async function labelAt(offset: number): Promise<number> {
      const part = readPartHead(await readAt(handle, offset, partHeadBytes, name, size), name, offset);
      const start = offset + partHeadBytes;
      const bytes = await readAt(handle, start, Math.min(part.length, 28), name, size);
      const short = new DataView(bytes.buffer);
      if (bytes.length < 24)
        throw error('benchmark/bad-bytes', { file: name, offset: start, detail: 'a record is too short' });
      return short.getUint32(0, true) > 0 && bytes.length >= 28
        ? short.getFloat32(24, true)
        : short.getFloat32(4, true);
    }

    async function walk(): Promise<ReadonlyMap<number, number>> {
      const found = new Map<number, number>();
      for (let at = 0; at < size; ) {
        const part = readPartHead(await readAt(handle, at, partHeadBytes, name, size), name, at);
        if (part.kind === 'whole' || part.kind === 'first') found.set(found.size, at);
        at += partHeadBytes + part.padded;
      }
      return found;
    }
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}
