import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { initial } from '../../../src/main/store/migrations/001-initial.ts';
import { migrations } from '../../../src/main/store/migrations/index.ts';
import { inStore } from './support.ts';

/** Tables with their columns, indexes with theirs. */
function schemaOf(db: Database.Database): {
  tables: Record<string, string>;
  indexes: Record<string, string>;
} {
  const names = (type: string): string[] =>
    (
      db
        .prepare(`SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY name`)
        .all(type) as { name: string }[]
    ).map((row) => row.name);
  const columns = (from: string, name: string): string =>
    (db.prepare(`SELECT name FROM ${from}(?)`).all(name) as { name: string }[])
      .map((row) => row.name)
      .join(' ');
  return {
    tables: Object.fromEntries(names('table').map((name) => [name, columns('pragma_table_info', name)])),
    indexes: Object.fromEntries(names('index').map((name) => [name, columns('pragma_index_info', name)])),
  };
}

describe('migration 001, initial', () => {
  it('makes the schema in an empty file', () => {
    const db = new Database(':memory:');
    initial.up(db);
    expect(schemaOf(db)).toEqual({
      tables: {
        blob: 'hash pack file offset length',
        cluster: 'id created_at',
        dataset: 'id name sources created_at removed',
        embedding: 'model crop row',
        face:
          'id photo_id dataset_id x y width height size score points solver edited chosen state overall sharpness ' +
          'brightness yaw pitch roll crop crop_size person_id named cluster_id',
        job: 'id kind title dataset_id input after state done total unit error log summary created_at started_at finished_at',
        journal: 'id at title changes undone',
        not_person: 'id face_id person_id',
        pack_end: 'pack file offset',
        person: 'id name created_at',
        photo:
          'id dataset_id key label path hash bytes modified width height problem aligned_by align_error queue reviewed',
        setting: 'key value',
        suggestion: 'face_id person_id similarity',
        vector_file: 'model size rows',
      },
      indexes: {
        dataset_name: 'name',
        face_cluster: 'cluster_id state dataset_id',
        face_crop: 'crop state dataset_id',
        face_dataset: 'dataset_id state person_id named cluster_id crop',
        face_person: 'person_id state dataset_id',
        face_photo: 'photo_id',
        face_quality: 'overall id state dataset_id',
        face_size: 'size id state dataset_id',
        job_state: 'state',
        not_person_person: 'person_id',
        photo_dataset: 'dataset_id id label aligned_by queue reviewed problem',
        photo_hash: 'hash',
        suggestion_person: 'person_id similarity',
      },
    });
    db.close();
  });

  it('has an index wherever a row that goes takes others with it', () => {
    const db = new Database(':memory:');
    initial.up(db);
    const { tables } = schemaOf(db);
    const bare: string[] = [];
    for (const table of Object.keys(tables)) {
      const keys = db.prepare('SELECT "from" AS name FROM pragma_foreign_key_list(?)').all(table) as {
        name: string;
      }[];
      const info = db.prepare('SELECT name, pk FROM pragma_table_info(?)').all(table) as {
        name: string;
        pk: number;
      }[];
      const firsts = new Set(info.filter((column) => column.pk === 1).map((column) => column.name));
      for (const { name } of db.prepare('SELECT name FROM pragma_index_list(?)').all(table) as {
        name: string;
      }[]) {
        const first = db.prepare('SELECT name FROM pragma_index_info(?) WHERE seqno = 0').get(name) as {
          name: string;
        };
        firsts.add(first.name);
      }
      for (const { name } of keys) if (!firsts.has(name)) bare.push(`${table}.${name}`);
    }
    // There are few jobs.
    expect(bare).toEqual(['job.dataset_id']);
    db.close();
  });
});

describe('the migrations', () => {
  it('leave their number and the application’s mark in the file', () => {
    inStore((store) => {
      expect(store.get('PRAGMA user_version')).toEqual({ user_version: migrations.length });
      expect(store.get('PRAGMA application_id')).toEqual({ application_id: 0x4c494e45 });
    });
  });

  it('have names of their own', () => {
    const names = migrations.map((migration) => migration.name);
    expect(new Set(names).size).toBe(names.length);
  });
});
