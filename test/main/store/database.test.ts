import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { openStore } from '../../../src/main/store/database.ts';
import { listDatasets } from '../../../src/main/store/datasets.ts';
import { migrations } from '../../../src/main/store/migrations/index.ts';
import { inStore, makeDataset, makeFace, makePhoto, tempDir } from './support.ts';

let folder: ReturnType<typeof tempDir>;
let path: string;
beforeEach(() => {
  folder = tempDir();
  path = join(folder.dir, 'lineament.db');
});
afterEach(() => folder.remove());

/** Every file of the folder with its bytes. */
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder.dir)
      .toSorted()
      .map((name) => [name, readFileSync(join(folder.dir, name)).toString('base64')]),
  );

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof LineamentError ? thrown.code : `not of the catalogue: ${thrown}`;
  }
  return 'no error';
}

/** A whole database with rows, closed. */
function fill(rows = 500): void {
  const store = openStore(path);
  store.write((writer) => {
    const dataset = makeDataset(writer, 'Holidays');
    for (let i = 0; i < rows; i++) {
      const photo = makePhoto(writer, dataset, `photo ${i}.jpg`);
      makeFace(writer, { photo, dataset });
    }
  });
  store.close();
}

describe('openStore', () => {
  it('makes a database in WAL mode, with strict tables and foreign keys', () => {
    const store = openStore(path);
    expect(store.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(store.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
    const tables = store.all<{ name: string; strict: number }>(
      `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
    );
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter((table) => table.strict === 0)).toEqual([]);
    expect(() =>
      store.write((writer) =>
        writer.run(
          "INSERT INTO job (kind, title, input, state, unit, created_at) VALUES ('a', 'b', 'c', 'd', 'e', 'late')",
        ),
      ),
    ).toThrow(/INTEGER/);
    expect(store.check()).toEqual([]);
    store.close();
  });

  it('keeps rows over closing and opening', () => {
    fill(3);
    const store = openStore(path);
    expect(listDatasets(store, 'm', false)).toMatchObject([{ name: 'Holidays', photos: 3, faces: 3 }]);
    store.close();
  });

  it('rolls everything back where work throws', () => {
    const store = openStore(path);
    expect(() =>
      store.write((writer) => {
        makeDataset(writer, 'A');
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(store.all('SELECT * FROM dataset')).toEqual([]);
    store.close();
  });

  it('keeps rows of a process that was cut off after its last transaction', () => {
    const store = openStore(path);
    store.write((writer) => makeDataset(writer, 'A'));
    // What a power cut leaves: the file and its log as they are now.
    const copy = join(folder.dir, 'copy');
    mkdirSync(copy);
    for (const name of ['lineament.db', 'lineament.db-wal'])
      copyFileSync(join(folder.dir, name), join(copy, name));
    store.close();
    const after = openStore(join(copy, 'lineament.db'));
    expect(after.all('SELECT name FROM dataset')).toEqual([{ name: 'A' }]);
    after.close();
  });
});

describe('a database that is not ours to open', () => {
  const make = (sql: string): void => {
    const db = new Database(path);
    db.exec(sql);
    db.close();
  };

  it.each([
    ['of another program', 'CREATE TABLE track (id INTEGER); PRAGMA user_version = 1', 'store/foreign'],
    ['of another program with a mark', 'PRAGMA application_id = 77', 'store/foreign'],
    [
      'of another program, of a high version',
      'CREATE TABLE track (id); PRAGMA user_version = 99',
      'store/foreign',
    ],
    ['of a newer Lineament', 'PRAGMA application_id = 0x4c494e45; PRAGMA user_version = 99', 'store/newer'],
  ])('%s: a named error, and no byte changes', (_, sql, code) => {
    make(sql);
    const before = contents();
    expect(codeOf(() => openStore(path))).toBe(code);
    expect(contents()).toEqual(before);
  });

  it('says which version it is and which are known', () => {
    make('PRAGMA application_id = 0x4c494e45; PRAGMA user_version = 99');
    expect(() => openStore(path)).toThrow(new RegExp(`99.*${migrations.length}`));
  });

  it('has an empty file for a new database', () => {
    writeFileSync(path, '');
    expect(codeOf(() => openStore(path).close())).toBe('no error');
  });
});

describe('a damaged database', () => {
  it('of no database at all', () => {
    writeFileSync(path, 'This is a text file, and long enough to hold a header. '.repeat(100));
    const before = contents();
    expect(codeOf(() => openStore(path))).toBe('store/damaged');
    expect(contents()).toEqual(before);
  });

  it.each([0.9, 0.5, 0.1])('cut off at %d of its length', (part) => {
    fill();
    truncateSync(path, Math.floor((readFileSync(path).length * part) / 4096) * 4096);
    const before = contents();
    expect(codeOf(() => openStore(path))).toBe('store/damaged');
    expect(contents()).toEqual(before);
  });

  it('with zeroed pages: named when it is met, and by check', () => {
    fill(2000);
    const bytes = readFileSync(path);
    const pages = bytes.length / 4096;
    for (let page = Math.floor(pages / 2); page < pages; page++)
      bytes.fill(0, page * 4096, (page + 1) * 4096);
    writeFileSync(path, bytes);
    const store = openStore(path);
    let problems: readonly string[] = [];
    const checked = codeOf(() => {
      problems = store.check();
    });
    expect(checked === 'store/damaged' || problems.length > 0).toBe(true);
    expect(codeOf(() => store.all('SELECT * FROM face ORDER BY points'))).toBe('store/damaged');
    store.close();
  });

  it('with a first page of zeros', () => {
    fill(10);
    const bytes = readFileSync(path);
    bytes.fill(0, 0, 4096);
    writeFileSync(path, bytes);
    const before = contents();
    expect(codeOf(() => openStore(path))).toBe('store/damaged');
    expect(contents()).toEqual(before);
  });
});

describe('a place that cannot be used', () => {
  it('is named', () => {
    expect(codeOf(() => openStore(join(folder.dir, 'missing', 'lineament.db')))).toBe('store/unusable');
    mkdirSync(path);
    expect(codeOf(() => openStore(path))).toBe('store/unusable');
  });

  it('also where another program is writing', () => {
    fill(1);
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    const store = openStore(path);
    store.all('PRAGMA busy_timeout = 50');
    expect(codeOf(() => store.write((writer) => makeDataset(writer, 'B')))).toBe('store/unusable');
    other.exec('ROLLBACK');
    other.close();
    expect(codeOf(() => store.write((writer) => makeDataset(writer, 'B')))).toBe('no error');
    store.close();
  });
});

describe('compact', () => {
  it('leaves nothing of what was deleted in the file or its log', () => {
    inStore((store, dir) => {
      const secret = 'Somebody Who Wants To Be Forgotten';
      store.write((writer) => {
        const dataset = makeDataset(writer, secret);
        for (let i = 0; i < 50; i++) makePhoto(writer, dataset, `${secret} ${i}`);
      });
      const onDisk = (): boolean =>
        readdirSync(dir).some((name) => readFileSync(join(dir, name)).includes(secret));
      expect(onDisk()).toBe(true);
      store.write((writer) => writer.run('DELETE FROM dataset'));
      store.compact();
      expect(onDisk()).toBe(false);
    });
  });
});
