import { open } from 'node:fs/promises';
import { readRows } from '../datasets/vectors.ts';

/** Embeddings of a model in its file. */
export interface VectorRows {
  readonly file: string;
  readonly width: number;
  /** Which of them, in the order that is wanted. [n] */
  readonly rows: Int32Array;
}

/** Rows read at a time. */
const stretch = 4096;

/** The embeddings of these rows, [n, width]. Errors: pack/damaged where the file is too short. */
export async function loadVectors({ file, width, rows }: VectorRows): Promise<Float32Array> {
  const vectors = new Float32Array(rows.length * width); // [n, width]
  const needed = rows.reduce((most, row) => Math.max(most, row + 1), 0);
  const handle = await open(file, 'r');
  try {
    const wanted = Array.from(rows, (row, place) => ({ row, place })).sort((a, b) => a.row - b.row);
    let next = 0;
    // Stretches begin with a wanted row: what lies between far ones is not read.
    for (let first = wanted[next]; first !== undefined; first = wanted[next]) {
      const start = first.row;
      const count = Math.min(stretch, needed - start);
      const read = await readRows(handle, file, width, start, count);
      for (let item = wanted[next]; item !== undefined && item.row < start + count; item = wanted[++next]) {
        const from = (item.row - start) * width;
        vectors.set(read.subarray(from, from + width), item.place * width);
      }
    }
  } finally {
    await handle.close();
  }
  return vectors;
}
