import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Reader, type Store, type Writer } from '../../../src/main/store/database.ts';

/** An empty store in a folder of its own; both are gone after the test. */
export function inStore<T>(test: (store: Store, dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'lineament-store-'));
  const store = openStore(join(dir, 'lineament.db'));
  const end = (): void => {
    store.close();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const result = test(store, dir);
    if (result instanceof Promise) return result.finally(end) as T;
    end();
    return result;
  } catch (thrown) {
    end();
    throw thrown;
  }
}

export function tempDir(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'lineament-store-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A content hash, from a number. */
export const hashOf = (n: number): string => n.toString(16).padStart(64, '0');

/** What is wrong with a photograph or a job, as it is stored. */
export const problem = { code: 'image/truncated', message: 'm', hint: 'h', values: {} };

export interface MadeFace {
  readonly photo: number;
  readonly dataset: number;
  readonly state?: string;
  readonly person?: number | null;
  readonly named?: 'label' | 'user' | null;
  readonly cluster?: number | null;
  readonly crop?: string;
  readonly size?: number;
  readonly overall?: number;
  readonly sharpness?: number;
  readonly edited?: number;
}

export function makeDataset(writer: Writer, name: string): number {
  return writer.run("INSERT INTO dataset (name, sources, created_at) VALUES (?, '[]', 0)", [name]).id;
}

export function makePhoto(
  writer: Writer,
  dataset: number,
  key: string,
  columns: Readonly<Record<string, string | number | null>> = {},
): number {
  const row = {
    ...{ dataset_id: dataset, key, hash: hashOf(1), bytes: 1, modified: 1, width: 100, height: 100 },
    ...columns,
  };
  const names = Object.keys(row);
  return writer.run(
    `INSERT INTO photo (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})`,
    row,
  ).id;
}

export function makeFace(writer: Writer, face: MadeFace): number {
  return writer.run(
    `INSERT INTO face (photo_id, dataset_id, x, y, width, height, size, score, points, solver, edited, state,
       overall, sharpness, brightness, yaw, pitch, roll, crop, crop_size, person_id, named, cluster_id)
     VALUES (?, ?, 1, 2, 30, 40, ?, 0.9, '[1,2,3,4,5,6,7,8,9,10]', 'umeyama', ?, ?, ?, ?, 0.5, 0, 0, 0, ?, 112, ?, ?, ?)`,
    [
      ...[face.photo, face.dataset, face.size ?? 30, face.edited ?? 0, face.state ?? 'kept'],
      ...[face.overall ?? 0.5, face.sharpness ?? 0.5, face.crop ?? hashOf(7)],
      ...[face.person ?? null, face.named ?? null, face.cluster ?? null],
    ],
  ).id;
}

export function makePerson(writer: Writer, name: string): number {
  return writer.run('INSERT INTO person (name, created_at) VALUES (?, 0)', [name]).id;
}

export function makeCluster(writer: Writer): number {
  return writer.run('INSERT INTO cluster (created_at) VALUES (0)').id;
}

const tables = [
  'dataset',
  'photo',
  'person',
  'face',
  'not_person',
  'cluster',
  'suggestion',
  'setting',
] as const;

/** Everything that actions may change, as one value. */
export function snapshot(reader: Reader): Readonly<Record<string, unknown>> {
  return Object.fromEntries(tables.map((table) => [table, reader.all(`SELECT * FROM ${table} ORDER BY 1`)]));
}

/** A reader that remembers what it was asked. */
export function listening(reader: Reader): Reader & { readonly asked: Set<string> } {
  const asked = new Set<string>();
  return {
    asked,
    all: (sql, parameters) => {
      asked.add(sql);
      return reader.all(sql, parameters);
    },
    get: (sql, parameters) => {
      asked.add(sql);
      return reader.get(sql, parameters);
    },
  };
}

/** How SQLite goes about a statement, a step a line. */
export function planOf(reader: Reader, sql: string): string[] {
  const named = [...new Set([...sql.matchAll(/:(\w+)/g)].map((match) => match[1] ?? ''))];
  const parameters =
    named.length > 0
      ? Object.fromEntries(named.map((name) => [name, 1]))
      : Array.from(sql.matchAll(/\?/g), () => '[1]');
  return reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters).map((row) => row.detail);
}
