import { closeSync, openSync, readSync } from 'node:fs';
import { metricColumns } from '../../core/training/metrics.ts';

/**
 * How a run's `metrics.f32` is laid out: rows of float32 (little-endian), `metricColumns` and then the run's figures; row
 * i is step i + 1. Where a run has figures, a header names them; without one, as in files of old, it has none.
 * Header: `mark`, the bytes of what follows, and a JSON array of names, filled with blanks to a multiple of four.
 */
export interface Layout {
  readonly figures: readonly string[];
  /** Bytes before the first row. */
  readonly offset: number;
}

/** As a float, in the place of a first loss, it is a NaN that no computation makes. */
const mark = 0xffc1f193;
/** A header says no more than that: a damaged length is not believed. */
const mostHeader = 1 << 16;

export const noFigures: Layout = { figures: [], offset: 0 };

/** The columns of a row. */
export function namesOf({ figures }: Pick<Layout, 'figures'>): readonly string[] {
  return [...metricColumns, ...figures];
}

export const widthOf = (layout: Layout): number => namesOf(layout).length;

export function headerOf(figures: readonly string[]): Uint8Array {
  if (figures.length === 0) return new Uint8Array();
  const names = Buffer.from(JSON.stringify(figures));
  const header = Buffer.alloc(8 + Math.ceil(names.length / 4) * 4, ' ');
  header.writeUInt32LE(mark, 0);
  header.writeUInt32LE(header.length - 8, 4);
  names.copy(header, 8);
  return header;
}

/** Of the file of that size. One whose header is not whole has no rows that could be read: it counts as empty. */
export function readLayout(path: string, size: number): Layout {
  if (size < 8) return noFigures;
  const fd = openSync(path, 'r');
  try {
    const start = Buffer.alloc(8);
    readSync(fd, start, 0, 8, 0);
    if (start.readUInt32LE(0) !== mark) return noFigures;
    const length = start.readUInt32LE(4);
    if (length > mostHeader || 8 + length > size) return { figures: [], offset: size };
    const names = Buffer.alloc(length);
    readSync(fd, names, 0, length, 8);
    return { figures: parsed(names.toString()), offset: 8 + length };
  } finally {
    closeSync(fd);
  }
}

function parsed(text: string): readonly string[] {
  const read: unknown = JSON.parse(text);
  return Array.isArray(read) ? read.map(String) : [];
}
