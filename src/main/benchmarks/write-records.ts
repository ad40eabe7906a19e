import { open, rename, rm, writeFile } from 'node:fs/promises';
import { writeRecordIndex } from '../../core/benchmarks/record-index.ts';
import { writeImageRecord, writeRecord } from '../../core/benchmarks/recordio.ts';
import { writeError } from '../datasets/write-error.ts';

/** A picture with its identity's number. */
export interface LabelledPicture {
  readonly label: number;
  /** Encoded. */
  readonly picture: Uint8Array;
}

/**
 * Writes a `.rec` and its `.idx` as InsightFace's training reads them: record 0 has two labels, one more than the last picture's
 * number and one more than the last identity's; pictures from 1, those of an identity together; then a record for each identity
 * with its first picture's number and one more than its last. Those of an identity come one after the other. Files have temporary
 * names until both are whole. Errors: pack/write-failed, and what the pictures throw.
 */
export async function writeRecordFile(
  path: string,
  pictures: AsyncIterable<LabelledPicture> | Iterable<LabelledPicture>,
): Promise<{ readonly pictures: number; readonly identities: number }> {
  const index = `${path.replace(/\.rec$/i, '')}.idx`;
  const [partial, partialIndex] = [`${path}.part`, `${index}.part`];
  const file = await open(partial, 'w').catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
  try {
    const offsets = new Map<number, number>();
    let at = 0;
    const put = async (key: number, labels: readonly number[], picture: Uint8Array): Promise<void> => {
      const bytes = writeRecord(writeImageRecord({ labels, id: key, picture }));
      await file.write(bytes, 0, bytes.length, at);
      offsets.set(key, at);
      at += bytes.length;
    };
    const none = new Uint8Array(0);
    await put(0, [0, 0], none); // its place; the numbers are known in the end
    /** First picture and one behind the last, by identity. */
    const ranges: [first: number, end: number][] = [];
    let key = 1;
    let last = Number.NaN;
    for await (const { label, picture } of pictures) {
      const range = ranges.at(-1);
      if (label === last && range !== undefined) range[1] = key + 1;
      else ranges.push([key, key + 1]);
      last = label;
      await put(key++, [label], picture);
    }
    const count = key - 1;
    for (const [first, end] of ranges) await put(key++, [first, end], none);
    const head = writeRecord(writeImageRecord({ labels: [count + 1, key], id: 0, picture: none }));
    await file.write(head, 0, head.length, 0);
    await file.sync();
    await file.close();
    await writeFile(partialIndex, writeRecordIndex(offsets));
    await rename(partial, path);
    await rename(partialIndex, index);
    return { pictures: count, identities: ranges.length };
  } catch (thrown) {
    await file.close().catch(() => undefined); // closed already, or closing fails as writing did
    await rm(partial, { force: true });
    await rm(partialIndex, { force: true });
    throw thrown instanceof Error && 'code' in thrown && 'syscall' in thrown
      ? writeError(path, thrown)
      : thrown;
  }
}
