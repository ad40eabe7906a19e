import {
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import type { Series } from '../../core/contract/runs.ts';
import { type MetricColumn, metricColumns } from '../../core/training/metrics.ts';
import { writeError } from '../datasets/write-error.ts';
import { headerOf, type Layout, namesOf, noFigures, readLayout, widthOf } from './runs-metrics-file.ts';
import { type SeriesRange, seriesOf } from './runs-series.ts';

/** What is recorded of every step, run by run: see runs-metrics-file.ts. */
export interface RunMetrics {
  /** How many steps are recorded. */
  rows(run: number): number;
  /** What is recorded of this run's steps beside `metricColumns`. */
  figures(run: number): readonly string[];
  /**
   * `rows` [n, metricColumns and `figures`] of the steps from `first` on; what was recorded of those is replaced. Where the
   * figures are others than before, steps that are recorded have none of the new ones.
   */
  append(run: number, first: number, rows: Float32Array, figures?: readonly string[]): void;
  /** Waits until all is on the disk. */
  sync(run: number): Promise<void>;
  /** Forgets all but the first so many steps. */
  cut(run: number, rows: number): void;
  /** The last rows, at most so many: of `metricColumns` alone. */
  tail(run: number, count: number): Float32Array;
  /** `columns` null: all that are recorded. */
  series(range: SeriesRange, columns: readonly MetricColumn[] | null): Series;
  /** Holds nothing of the run in memory any more. */
  forget(run: number): void;
}

/** Runs whose columns are held in memory: 44 bytes a step, and 4 more for each figure. */
const heldRuns = 8;
/** Rows that are read at once. */
const stretch = 16_384;

interface Columns {
  rows: number;
  /** By column; longer than `rows`, so that not every step makes them anew. */
  values: Float32Array[];
}

function grow(columns: Columns, rows: number): void {
  const capacity = columns.values[0]?.length ?? 0;
  if (rows <= capacity) return;
  columns.values = columns.values.map((old) => {
    const longer = new Float32Array(Math.max(rows, capacity * 2, 1024));
    longer.set(old);
    return longer;
  });
}

function put(columns: Columns, first: number, rows: Float32Array): void {
  const width = columns.values.length;
  const count = rows.length / width;
  grow(columns, first + count);
  for (const [c, values] of columns.values.entries()) {
    for (let i = 0; i < count; i++) values[first + i] = rows[i * width + c] ?? Number.NaN;
  }
  columns.rows = first + count;
}

/** `pathOf`: where a run's file is; its folder exists. Throws `pack/write-failed` where it can't be written. */
export function openMetrics(pathOf: (run: number) => string): RunMetrics {
  /** How many rows the files have that were looked at, and how they lie. */
  const counts = new Map<number, number>();
  const layouts = new Map<number, Layout>();
  const held = new Map<number, Columns>();

  const rowsOf = (run: number): number => {
    const known = counts.get(run);
    if (known !== undefined) return known;
    const bytes = statSync(pathOf(run), { throwIfNoEntry: false })?.size ?? 0;
    const layout = readLayout(pathOf(run), bytes);
    const rows = Math.floor((bytes - layout.offset) / (4 * widthOf(layout))); // the last one may be half written
    counts.set(run, rows);
    layouts.set(run, layout);
    return rows;
  };
  const layoutOf = (run: number): Layout => {
    rowsOf(run);
    return layouts.get(run) ?? noFigures;
  };
  /** Where a row begins in the file, in bytes. */
  const placeOf = (run: number, row: number): number => {
    const layout = layoutOf(run);
    return layout.offset + row * widthOf(layout) * 4;
  };
  // Opened each time: there may be a thousand runs, and there is little to write at once.
  const writing = (run: number, work: (fd: number) => void): void => {
    const path = pathOf(run);
    try {
      const fd = openSync(path, constants.O_RDWR | constants.O_CREAT);
      try {
        work(fd);
      } finally {
        closeSync(fd);
      }
    } catch (thrown) {
      throw writeError(path, thrown);
    }
  };
  const read = (run: number, from: number, count: number): Float32Array => {
    const width = widthOf(layoutOf(run));
    const found = new Float32Array(Math.max(0, Math.min(count, rowsOf(run) - from)) * width);
    if (found.length === 0) return found;
    const bytes = new Uint8Array(found.buffer);
    const fd = openSync(pathOf(run), 'r');
    try {
      for (let done = 0; done < bytes.length; ) {
        const got = readSync(fd, bytes, done, bytes.length - done, placeOf(run, from) + done);
        if (got === 0) break;
        done += got;
      }
    } finally {
      closeSync(fd);
    }
    return found;
  };
  const columnsOf = (run: number): Columns => {
    const known = held.get(run);
    held.delete(run); // the one used last is at the end
    const width = widthOf(layoutOf(run));
    const columns = known ?? { rows: 0, values: Array.from({ length: width }, () => new Float32Array()) };
    held.set(run, columns);
    const rows = rowsOf(run);
    if (columns.rows < rows) grow(columns, rows);
    for (let at = columns.rows; at < rows; at += stretch) put(columns, at, read(run, at, stretch));
    for (const oldest of held.keys()) {
      if (held.size <= heldRuns) break;
      held.delete(oldest);
    }
    return columns;
  };
  const cut = (run: number, rows: number): void => {
    const left = Math.min(rows, rowsOf(run));
    writing(run, (fd) => ftruncateSync(fd, placeOf(run, left)));
    counts.set(run, left);
    const columns = held.get(run);
    if (columns !== undefined) columns.rows = Math.min(left, columns.rows);
  };
  /** Writes the file anew with other figures: what is not known of a step is no number. */
  const relay = (run: number, figures: readonly string[]): void => {
    const [before, count] = [namesOf(layoutOf(run)), rowsOf(run)];
    const [old, names] = [read(run, 0, count), namesOf({ figures })];
    const rows = new Float32Array(count * names.length).fill(Number.NaN);
    for (const [to, name] of names.entries()) {
      const from = before.indexOf(name);
      for (let i = 0; from >= 0 && i < count; i++)
        rows[i * names.length + to] = old[i * before.length + from] ?? Number.NaN;
    }
    const path = pathOf(run);
    try {
      writeFileSync(`${path}.partial`, Buffer.concat([headerOf(figures), new Uint8Array(rows.buffer)]));
      renameSync(`${path}.partial`, path);
    } catch (thrown) {
      throw writeError(path, thrown);
    }
    layouts.set(run, { figures, offset: headerOf(figures).length });
    held.delete(run);
  };
  const append = (
    run: number,
    first: number,
    rows: Float32Array,
    figures: readonly string[] = layoutOf(run).figures,
  ): void => {
    const at = first - 1;
    if (rowsOf(run) > at) cut(run, at);
    if (rowsOf(run) === 0 || String(figures) !== String(layoutOf(run).figures)) relay(run, figures);
    const width = widthOf(layoutOf(run));
    // Rows that a full disk lost: a row's place says its step.
    const lost = at - rowsOf(run);
    if (lost > 0) append(run, first - lost, new Float32Array(lost * width).fill(Number.NaN), figures);
    const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    writing(run, (fd) => {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(fd, bytes, done, bytes.length - done, placeOf(run, at) + done);
      }
    });
    counts.set(run, at + rows.length / width);
    const columns = held.get(run);
    if (columns !== undefined) put(columns, at, rows);
  };
  return {
    rows: rowsOf,
    figures: (run) => layoutOf(run).figures,
    append,
    cut,
    sync: async (run) => {
      const path = pathOf(run);
      const handle = await open(path, 'a');
      try {
        await handle.sync();
      } catch (thrown) {
        throw writeError(path, thrown);
      } finally {
        await handle.close();
      }
    },
    tail: (run, count) => {
      const all = read(run, Math.max(0, rowsOf(run) - count), count);
      const width = widthOf(layoutOf(run));
      return all.filter((_, i) => i % width < metricColumns.length);
    },
    series: (range, wanted) => {
      const { rows, values } = columnsOf(range.run);
      const names = namesOf(layoutOf(range.run));
      const columns = (wanted ?? names).map(
        (name) => [name, values[names.indexOf(name)] ?? new Float32Array()] as const,
      );
      return seriesOf(range, rows, columns);
    },
    forget: (run) => {
      counts.delete(run);
      layouts.delete(run);
      held.delete(run);
    },
  };
}
