import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { error, LineamentError } from '../../core/base/errors.ts';
import { migrations } from './migrations/index.ts';

export type Value = string | number | bigint | Uint8Array | null;
export type Parameters = readonly Value[] | Readonly<Record<string, Value>>;

/** Whoever holds a Reader can only look. */
export interface Reader {
  all<Row>(sql: string, parameters?: Parameters): Row[];
  get<Row>(sql: string, parameters?: Parameters): Row | undefined;
}

/** Whoever holds a Writer is inside a transaction. */
export interface Writer extends Reader {
  run(sql: string, parameters?: Parameters): { readonly changes: number; readonly id: number };
}

export interface Store extends Reader {
  /** Runs `work` in one transaction, which is rolled back where it throws. */
  write<T>(work: (writer: Writer) => T): T;
  /** Whole check of the file; problems as SQLite words them. */
  check(): readonly string[];
  /** Rewrites the file without what was deleted, and empties its log. */
  compact(): void;
  close(): void;
}

/** The application's mark in the file's header: “LINE”. */
const applicationId = 0x4c494e45;

function sqliteCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

const unusable = [
  ...['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_IOERR', 'SQLITE_BUSY', 'SQLITE_LOCKED'],
  ...['SQLITE_PERM', 'SQLITE_AUTH'],
];

/** Says by name what is wrong with a file that SQLite can't use; anything else passes as it is. */
function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof LineamentError) throw thrown;
    const code = sqliteCode(thrown);
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
      throw error('store/damaged', { path, detail }, thrown);
    }
    if (code === 'SQLITE_FULL') throw error('store/disk-full', { path }, thrown);
    if (unusable.some((start) => code.startsWith(start)))
      throw error('store/unusable', { path, detail }, thrown);
    throw thrown;
  }
}

/** Looks whether the file is ours and not newer than this program; changes nothing. The result is its version. */
function versionOf(db: Database.Database, path: string): number {
  const owner = Number(db.pragma('application_id', { simple: true }));
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  if (owner !== applicationId && (tables.n > 0 || owner !== 0)) throw error('store/foreign', { path });
  const version = Number(db.pragma('user_version', { simple: true }));
  const newest = migrations.length;
  if (version > newest) throw error('store/newer', { path, version, newest });
  return version;
}

function migrate(db: Database.Database, version: number): void {
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      migration.up(db);
      db.pragma(`user_version = ${index + 1}`);
      db.pragma(`application_id = ${applicationId}`);
    }).immediate();
  }
}

/**
 * Opens (or makes) the database and brings it to the newest version.
 * Errors: `store/newer`, `store/foreign`, `store/damaged`, `store/unusable`, `store/disk-full`.
 */
export function openStore(path: string): Store {
  if (!existsSync(dirname(path))) throw error('store/unusable', { path, detail: 'its folder is not there' });
  const db = named(path, () => {
    const opened = new Database(path);
    try {
      const version = versionOf(opened, path); // before anything is written, the journal's mode too
      opened.pragma('journal_mode = WAL');
      opened.pragma('synchronous = NORMAL');
      opened.pragma('foreign_keys = ON');
      opened.pragma('cache_size = -16000');
      migrate(opened, version);
      return opened;
    } catch (thrown) {
      opened.close();
      throw thrown;
    }
  });

  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = db.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  // The row types are stated beside each query; STRICT tables keep columns to their types.
  const all = <Row>(sql: string, parameters: Parameters = []): Row[] =>
    named(path, () => prepared(sql).all(parameters) as Row[]);
  const get = <Row>(sql: string, parameters: Parameters = []): Row | undefined =>
    named(path, () => prepared(sql).get(parameters) as Row | undefined);
  const writer: Writer = {
    all,
    get,
    run: (sql, parameters = []) => {
      const { changes, lastInsertRowid } = named(path, () => prepared(sql).run(parameters));
      return { changes, id: Number(lastInsertRowid) };
    },
  };
  return {
    all,
    get,
    write: (work) => named(path, () => db.transaction(() => work(writer)).immediate()),
    check: () =>
      named(path, () => db.pragma('integrity_check(20)') as { integrity_check: string }[])
        .map((row) => row.integrity_check)
        .filter((line) => line !== 'ok'),
    compact: () =>
      named(path, () => {
        db.exec('VACUUM');
        db.pragma('wal_checkpoint(TRUNCATE)');
      }),
    close: () => {
      statements.clear();
      db.close();
    },
  };
}
