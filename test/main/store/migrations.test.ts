import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { initial } from '../../../src/main/store/migrations/001-initial.ts';
import { training } from '../../../src/main/store/migrations/002-training.ts';
import { cleaning } from '../../../src/main/store/migrations/003-cleaning.ts';
import { evaluation } from '../../../src/main/store/migrations/004-evaluation.ts';
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

/** Columns that refer to other tables and that no index finds. */
function keysWithoutIndex(db: Database.Database): string[] {
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
  return bare;
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
    // There are few jobs.
    expect(keysWithoutIndex(db)).toEqual(['job.dataset_id']);
    db.close();
  });
});

describe('migration 002, training', () => {
  const old = (): Database.Database => {
    const db = new Database(':memory:');
    db.pragma('foreign_keys = ON');
    initial.up(db);
    db.exec(`INSERT INTO dataset (name, sources, created_at) VALUES ('Old', '[]', 1);
      INSERT INTO person (name, created_at) VALUES ('Ada', 1);
      INSERT INTO job (kind, title, input, state, unit, created_at) VALUES ('align', 'Align', '{}', 'done', 'photographs', 1)`);
    return db;
  };

  it('adds tables and leaves the rows that are there', () => {
    const db = old();
    const { tables: before } = schemaOf(db);
    const rows = (table: string): unknown[] => db.prepare(`SELECT * FROM ${table}`).all();
    const kept = Object.keys(before).map((table) => [table, rows(table)]);
    training.up(db);
    const { tables, indexes } = schemaOf(db);
    expect(tables).toEqual({
      ...before,
      version: 'id hash name created_at min_quality images identities missing solvers least_side most_side',
      version_dataset: 'version_id position dataset_id name',
      version_identity: 'version_id identity name',
      version_item: 'version_id position crop identity dataset_id',
      run:
        'id name recipe version_id job_id state reason error created_at started_at finished_at step steps ' +
        'steps_per_epoch parent_id parent_name parent_step fork_file provider loss best_accuracy best_step',
      checkpoint: 'run_id step file bytes created_at accuracy best',
      evaluation: 'run_id step name result',
      snapshot: 'run_id step histograms',
    });
    expect(indexes).toMatchObject({
      version_dataset_dataset: 'dataset_id',
      run_version: 'version_id',
      run_job: 'job_id',
      run_parent: 'parent_id',
    });
    expect(kept.map(([table]) => [table, rows(String(table))])).toEqual(kept);
    expect(keysWithoutIndex(db)).toEqual(['job.dataset_id']);
    db.close();
  });

  it('lets jobs and parents go without taking runs along, and no version that a run names', () => {
    const db = old();
    training.up(db);
    db.exec(`INSERT INTO version (hash, name, created_at, min_quality, images, identities, solvers, least_side, most_side)
        VALUES ('ab', 'V', 1, 0, 1, 1, '{}', 112, 112);
      INSERT INTO run (name, recipe, version_id, job_id, state, created_at, steps, steps_per_epoch)
        VALUES ('A', '{}', 1, 1, 'done', 1, 1, 1);
      INSERT INTO run (name, recipe, version_id, state, created_at, steps, steps_per_epoch, parent_id, parent_name, parent_step)
        VALUES ('B', '{}', 1, 'done', 1, 1, 1, 1, 'A', 5);
      INSERT INTO checkpoint VALUES (1, 5, 'f', 1, 1, NULL, 0);
      DELETE FROM job;`);
    expect(db.prepare('SELECT job_id FROM run WHERE id = 1').get()).toEqual({ job_id: null });
    expect(() => db.exec('DELETE FROM version')).toThrow(/FOREIGN KEY/);
    db.exec('DELETE FROM run WHERE id = 1');
    expect(db.prepare('SELECT parent_id, parent_name FROM run').get()).toEqual({
      parent_id: null,
      parent_name: 'A',
    });
    expect(db.prepare('SELECT count(*) AS n FROM checkpoint').get()).toEqual({ n: 0 });
    db.close();
  });
});

describe('migration 003, cleaning', () => {
  const old = (): Database.Database => {
    const db = new Database(':memory:');
    db.pragma('foreign_keys = ON');
    initial.up(db);
    training.up(db);
    const version = (hash: string): string =>
      `INSERT INTO version (hash, name, created_at, min_quality, images, identities, solvers, least_side, most_side)
       VALUES ('${hash}', '${hash}', 1, 0, 1, 1, '{}', 112, 112);`;
    db.exec(`${version('ab')} ${version('cd')}`);
    return db;
  };

  it('adds tables and leaves the rows that are there', () => {
    const db = old();
    const { tables: before, indexes: known } = schemaOf(db);
    const rows = (table: string): unknown[] => db.prepare(`SELECT * FROM ${table}`).all();
    const kept = Object.keys(before).map((table) => [table, rows(table)]);
    cleaning.up(db);
    const { tables, indexes } = schemaOf(db);
    expect(tables).toEqual({
      ...before,
      cleaning: 'id version_id model created_at own next nearest pairs noise histograms',
      version_cleaning: 'version_id parent_id parent_name parent_hash model model_name limits created_at',
      version_change: 'version_id position crop dataset_id action old_name new_name own next certainty',
    });
    expect(indexes).toEqual({ ...known, version_cleaning_parent: 'parent_id' });
    expect(kept.map(([table]) => [table, rows(String(table))])).toEqual(kept);
    expect(keysWithoutIndex(db)).toEqual(['job.dataset_id']);
    db.close();
  });

  it('takes a report along with its version, and leaves it when the older version goes', () => {
    const db = old();
    cleaning.up(db);
    db.exec(`INSERT INTO version_cleaning VALUES (2, 1, 'ab', 'ab', 'm', 'M', '{}', 1);
      INSERT INTO version_change VALUES (2, 0, 'c', 1, 'drop', 'Ada', NULL, 0.1, 0.2, 0.9);
      INSERT INTO cleaning (version_id, model, created_at, own, next, nearest, pairs, noise, histograms)
        VALUES (1, 'm', 1, x'', x'', x'', '[]', '{}', '{}');
      DELETE FROM version WHERE id = 1;`);
    const count = (table: string): unknown => db.prepare(`SELECT count(*) AS n FROM ${table}`).get();
    expect(count('cleaning')).toEqual({ n: 0 });
    expect(db.prepare('SELECT parent_id, parent_hash FROM version_cleaning').get()).toEqual({
      parent_id: null,
      parent_hash: 'ab',
    });
    db.exec('DELETE FROM version');
    expect([count('version_cleaning'), count('version_change')]).toEqual([{ n: 0 }, { n: 0 }]);
    db.close();
  });
});

describe('migration 004, evaluation', () => {
  const old = (): Database.Database => {
    const db = new Database(':memory:');
    db.pragma('foreign_keys = ON');
    for (const migration of [initial, training, cleaning]) migration.up(db);
    db.exec(`INSERT INTO vector_file VALUES ('m', 512, 7);
      INSERT INTO version (hash, name, created_at, min_quality, images, identities, solvers, least_side, most_side)
        VALUES ('ab', 'V', 1, 0, 1, 1, '{}', 112, 112);
      INSERT INTO job (kind, title, input, state, unit, created_at) VALUES ('align', 'Align', '{}', 'done', 'p', 1)`);
    return db;
  };

  it('adds tables, and a column to the files of embeddings, whose rows stay', () => {
    const db = old();
    const { tables: before, indexes: known } = schemaOf(db);
    evaluation.up(db);
    const { tables, indexes } = schemaOf(db);
    expect(tables).toEqual({
      ...before,
      vector_file: 'model size rows model_hash',
      benchmark: 'id name kind format title source images_source alignment created_at hash figures job_id',
      benchmark_image:
        'benchmark_id position key person grp box points weight hash path width height crop overall sharpness ' +
        'brightness yaw pitch roll problem dataset_id',
      benchmark_array: 'benchmark_id name data',
      benchmark_mark: 'id benchmark_id pair at',
      evaluation_result:
        'id subject_hash subject benchmark_id benchmark_name benchmark_hash benchmark_kind protocol options ' +
        'created_at figures scores left_out',
      leak: 'benchmark_id benchmark_hash version_hash version_id model report images',
    });
    expect(indexes).toEqual({
      ...known,
      benchmark_job: 'job_id',
      benchmark_image_crop: 'crop',
      benchmark_image_hash: 'hash',
      benchmark_image_dataset: 'dataset_id',
      evaluation_result_benchmark: 'benchmark_id subject_hash protocol',
      evaluation_result_subject: 'subject_hash benchmark_hash protocol',
      leak_version: 'version_id',
    });
    expect(db.prepare('SELECT * FROM vector_file').all()).toEqual([
      { model: 'm', size: 512, rows: 7, model_hash: null },
    ]);
    expect(keysWithoutIndex(db)).toEqual(['job.dataset_id']);
    db.close();
  });

  it('leaves results when their benchmark goes, and takes everything else of it along', () => {
    const db = old();
    evaluation.up(db);
    db.exec(`INSERT INTO benchmark (name, kind, format, title, source, alignment, created_at, figures, job_id)
        VALUES ('B', 'verification', 'csv', 'T', '/b', 'aligned', 1, '{}', 1);
      INSERT INTO benchmark_image (benchmark_id, position, key) VALUES (1, 0, 'a.jpg');
      INSERT INTO benchmark_array VALUES (1, 'pairs', x'00');
      INSERT INTO benchmark_mark (benchmark_id, pair, at) VALUES (1, 0, 1);
      INSERT INTO leak VALUES (1, 'h', 'ab', 1, 'm', '{}', x'');
      INSERT INTO evaluation_result (subject_hash, subject, benchmark_id, benchmark_name, benchmark_hash, benchmark_kind,
        protocol, options, created_at, figures) VALUES ('s', '{}', 1, 'B', 'h', 'verification', 'evolve', '{}', 1, '{}');
      DELETE FROM job; DELETE FROM version;`);
    expect(db.prepare('SELECT job_id FROM benchmark').get()).toEqual({ job_id: null });
    expect(db.prepare('SELECT version_id FROM leak').get()).toEqual({ version_id: null });
    db.exec('DELETE FROM benchmark');
    const count = (table: string): unknown => db.prepare(`SELECT count(*) AS n FROM ${table}`).pluck().get();
    expect(['benchmark_image', 'benchmark_array', 'benchmark_mark', 'leak'].map(count)).toEqual([0, 0, 0, 0]);
    expect(db.prepare('SELECT benchmark_id, benchmark_name FROM evaluation_result').get()).toEqual({
      benchmark_id: null,
      benchmark_name: 'B',
    });
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
