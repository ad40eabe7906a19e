import { error } from '../../core/base/errors.ts';
import type { JournalEntry } from '../../core/contract/people.ts';
import type { Reader, Value, Writer } from './database.ts';

type Columns = Readonly<Record<string, string | number | null>>;

/** What a journalled action may change, so that a journal can never be made to write elsewhere. */
const journalled = {
  dataset: ['name', 'removed'],
  photo: ['queue', 'reviewed'],
  person: ['name', 'created_at'],
  face: [
    ...['photo_id', 'dataset_id', 'score'],
    ...[
      'x',
      'y',
      'width',
      'height',
      'size',
      'points',
      'solver',
      'edited',
      'chosen',
      'state',
      'person_id',
      'named',
    ],
    ...['cluster_id', 'crop', 'crop_size', 'overall', 'sharpness', 'brightness', 'yaw', 'pitch', 'roll'],
  ],
  not_person: ['face_id', 'person_id'],
  benchmark_mark: ['benchmark_id', 'pair', 'at'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Table = keyof typeof journalled;

/** Rows that changed alike. `before` null: they were made; `after` null: they were removed. */
interface Change {
  readonly table: Table;
  readonly ids: number[];
  readonly before: Columns | null;
  readonly after: Columns | null;
}

/** Changes rows so that they can be changed back. */
export interface Recorder extends Reader {
  readonly writer: Writer;
  update(table: Table, ids: readonly number[], columns: Columns): void;
  insert(table: Table, columns: Columns): number;
  /** Removes rows, which undoing brings back; nothing may refer to them any more. */
  remove(table: Table, ids: readonly number[]): void;
}

function assertColumns(table: Table, columns: Columns): void {
  const allowed: readonly string[] = journalled[table];
  for (const column of Object.keys(columns)) {
    if (!allowed.includes(column)) throw new Error(`assertion failed: ${table}.${column} is not journalled`);
  }
}

/** Sets columns of many rows at once: a selection may be of 100,000 faces. */
function setColumns(writer: Writer, table: Table, ids: readonly number[], columns: Columns): void {
  const names = Object.keys(columns);
  const values: Value[] = names.map((column) => columns[column] ?? null);
  writer.run(
    `UPDATE ${table} SET ${names.map((column) => `${column} = ?`).join(', ')}
     WHERE id IN (SELECT value FROM json_each(?))`,
    [...values, JSON.stringify(ids)],
  );
}

/** Inserts a row; with an id it comes back, and stays as it is where it is there. */
function insertRow(writer: Writer, table: Table, columns: Columns, id: number | null): number {
  const row: Columns = id === null ? columns : { id, ...columns };
  const names = Object.keys(row);
  const marks = names.map(() => '?').join(', ');
  const values: Value[] = names.map((column) => row[column] ?? null);
  const again = id === null ? '' : 'ON CONFLICT (id) DO NOTHING';
  return writer.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks}) ${again}`, values).id;
}

function deleteRow(writer: Writer, table: Table, id: number): void {
  // Labels that were read since may have given faces to a person that an action had made.
  const unused =
    table === 'person' ? 'AND NOT EXISTS (SELECT 1 FROM face f WHERE f.person_id = person.id)' : '';
  writer.run(`DELETE FROM ${table} WHERE id = ? ${unused}`, [id]);
}

/** Does an action that can be undone; actions that were undone before can't be redone after it. */
export function record<T>(writer: Writer, title: string, at: number, work: (recorder: Recorder) => T): T {
  const changes: Change[] = [];
  // Groups that a row may still join. One that changes a second time starts afresh, so that steps stay in order.
  const open = new Map<string, Change>();
  const touched = new Set<string>();
  const note = (table: Table, id: number, before: Columns | null, after: Columns | null): void => {
    const row = `${table} ${id}`;
    if (touched.has(row)) {
      open.clear();
      touched.clear();
    }
    touched.add(row);
    const key = JSON.stringify([table, before, after]);
    const known = open.get(key);
    if (known !== undefined) {
      known.ids.push(id);
      return;
    }
    const change = { table, ids: [id], before, after };
    open.set(key, change);
    changes.push(change);
  };
  const result = work({
    all: writer.all,
    get: writer.get,
    writer,
    update: (table, ids, columns) => {
      assertColumns(table, columns);
      const names = Object.keys(columns);
      const rows = writer.all<Columns & { id: number }>(
        `SELECT id, ${names.join(', ')} FROM ${table} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`,
        [JSON.stringify(ids)],
      );
      const changed = rows.filter((row) => names.some((name) => row[name] !== columns[name]));
      setColumns(
        writer,
        table,
        changed.map((row) => row.id),
        columns,
      );
      for (const { id, ...before } of changed) note(table, id, before, columns);
    },
    insert: (table, columns) => {
      assertColumns(table, columns);
      const id = insertRow(writer, table, columns, null);
      note(table, id, null, columns);
      return id;
    },
    remove: (table, ids) => {
      for (const id of ids) {
        const names = journalled[table].join(', ');
        const before = writer.get<Columns>(`SELECT ${names} FROM ${table} WHERE id = ?`, [id]);
        if (before === undefined) continue;
        deleteRow(writer, table, id);
        note(table, id, before, null);
      }
    },
  });
  if (changes.length > 0) {
    writer.run('DELETE FROM journal WHERE undone = 1');
    writer.run('INSERT INTO journal (at, title, changes) VALUES (?, ?, ?)', [
      at,
      title,
      JSON.stringify(changes),
    ]);
  }
  return result;
}

interface Row {
  readonly id: number;
  readonly at: number;
  readonly title: string;
  readonly changes: string;
  readonly undone: number;
}

function apply(writer: Writer, change: Change, to: Columns | null, from: Columns | null): void {
  if (to !== null && from !== null) {
    setColumns(writer, change.table, change.ids, to);
    return;
  }
  for (const id of change.ids) {
    if (to === null) deleteRow(writer, change.table, id);
    else insertRow(writer, change.table, to, id);
  }
}

function step(writer: Writer, row: Row | undefined, undone: boolean): JournalEntry | null {
  if (row === undefined) return null;
  const changes: Change[] = JSON.parse(row.changes);
  try {
    for (const change of undone ? changes.reverse() : changes) {
      if (!Object.hasOwn(journalled, change.table))
        throw error('app/internal', { detail: `journal of ${change.table}` });
      if (undone) apply(writer, change, change.before, change.after);
      else apply(writer, change, change.after, change.before);
    }
  } catch (thrown) {
    // A name that the action needs was given away since, or what it speaks of is gone.
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    if (!code.startsWith('SQLITE_CONSTRAINT')) throw thrown;
    throw error('journal/conflict', { title: row.title }, thrown);
  }
  writer.run('UPDATE journal SET undone = ? WHERE id = ?', [undone ? 1 : 0, row.id]);
  return { id: row.id, at: row.at, title: row.title, undone };
}

/** Takes back the last action that stands; null where there is none. Error: `journal/conflict`. */
export function undo(writer: Writer): JournalEntry | null {
  return step(
    writer,
    writer.get<Row>('SELECT * FROM journal WHERE undone = 0 ORDER BY id DESC LIMIT 1'),
    true,
  );
}

/** Does again the action that was undone last; null where there is none. Error: `journal/conflict`. */
export function redo(writer: Writer): JournalEntry | null {
  return step(writer, writer.get<Row>('SELECT * FROM journal WHERE undone = 1 ORDER BY id LIMIT 1'), false);
}

/** Forgets everything that could be undone: what was erased must not come back. */
export function clearJournal(writer: Writer): void {
  writer.run('DELETE FROM journal');
}

export function listJournal(
  reader: Reader,
  offset: number,
  limit: number,
): { total: number; items: JournalEntry[] } {
  const total = reader.get<{ n: number }>('SELECT count(*) AS n FROM journal')?.n ?? 0;
  const rows = reader.all<Omit<Row, 'changes'>>(
    'SELECT id, at, title, undone FROM journal ORDER BY id DESC LIMIT ? OFFSET ?',
    [limit, offset],
  );
  return { total, items: rows.map((row) => ({ ...row, undone: row.undone === 1 })) };
}
