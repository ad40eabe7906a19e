import type { Migration } from './index.ts';

export const initial: Migration = {
  name: 'initial',
  up: (db) =>
    db.exec(`
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Up to where each pack is committed; what lies behind is cut off when it is opened.
CREATE TABLE pack_end (pack TEXT PRIMARY KEY, file INTEGER NOT NULL, offset INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE blob (
  hash TEXT NOT NULL,
  pack TEXT NOT NULL,
  file INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  PRIMARY KEY (pack, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE vector_file (model TEXT PRIMARY KEY, size INTEGER NOT NULL, rows INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE dataset (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  sources TEXT NOT NULL, -- JSON: the paths of each import
  created_at INTEGER NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX dataset_name ON dataset (name) WHERE removed = 0;

CREATE TABLE photo (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
  key TEXT NOT NULL,
  label TEXT,
  path TEXT, -- NULL: the original is in the pack of originals, under its hash
  hash TEXT,
  bytes INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  problem TEXT, -- JSON of ErrorInfo
  aligned_by TEXT, -- detector, solver and options; NULL: not aligned yet
  align_error TEXT, -- JSON of ErrorInfo
  queue INTEGER NOT NULL DEFAULT 0, -- bits in the order of queueReasons
  reviewed INTEGER NOT NULL DEFAULT 0,
  UNIQUE (dataset_id, key)
) STRICT;
CREATE INDEX photo_hash ON photo (hash);
-- Covers what is counted of a dataset, and walks its photographs in the order of their ids.
CREATE INDEX photo_dataset ON photo (dataset_id, id, label, aligned_by, queue, reviewed, problem);

CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE face (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  photo_id INTEGER NOT NULL REFERENCES photo ON DELETE CASCADE,
  dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
  x REAL NOT NULL,
  y REAL NOT NULL,
  width REAL NOT NULL,
  height REAL NOT NULL,
  size REAL NOT NULL, -- the shorter side
  score REAL NOT NULL,
  points TEXT NOT NULL, -- JSON array of 10 numbers
  solver TEXT NOT NULL,
  edited INTEGER NOT NULL DEFAULT 0,
  chosen INTEGER NOT NULL DEFAULT 0, -- by the user, among several
  state TEXT NOT NULL,
  overall REAL NOT NULL,
  sharpness REAL NOT NULL,
  brightness REAL NOT NULL,
  yaw REAL NOT NULL,
  pitch REAL NOT NULL,
  roll REAL NOT NULL,
  crop TEXT NOT NULL,
  crop_size INTEGER NOT NULL,
  person_id INTEGER REFERENCES person ON DELETE SET NULL,
  named TEXT, -- 'label' or 'user'
  cluster_id INTEGER REFERENCES cluster
) STRICT;
CREATE INDEX face_photo ON face (photo_id);
-- Covers counting and grouping by person and cluster: rows of faces are wide, and there may be a million.
CREATE INDEX face_dataset ON face (dataset_id, state, person_id, named, cluster_id, crop);
CREATE INDEX face_person ON face (person_id, state, dataset_id);
CREATE INDEX face_cluster ON face (cluster_id, state, dataset_id);
CREATE INDEX face_crop ON face (crop, state, dataset_id);
-- The galleries' orders, with what their filters ask most.
CREATE INDEX face_quality ON face (overall, id, state, dataset_id);
CREATE INDEX face_size ON face (size, id, state, dataset_id);

CREATE TABLE not_person (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  face_id INTEGER NOT NULL REFERENCES face ON DELETE CASCADE,
  person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
  UNIQUE (face_id, person_id)
) STRICT;
CREATE INDEX not_person_person ON not_person (person_id);

CREATE TABLE cluster (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at INTEGER NOT NULL) STRICT;
-- Unnamed faces that look like a named person, from the last clustering.
CREATE TABLE suggestion (
  face_id INTEGER PRIMARY KEY REFERENCES face ON DELETE CASCADE,
  person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
  similarity REAL NOT NULL
) STRICT;
CREATE INDEX suggestion_person ON suggestion (person_id, similarity);

CREATE TABLE embedding (
  model TEXT NOT NULL,
  crop TEXT NOT NULL,
  row INTEGER NOT NULL,
  PRIMARY KEY (model, crop)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  dataset_id INTEGER REFERENCES dataset ON DELETE CASCADE,
  input TEXT NOT NULL,
  after INTEGER, -- the job that must be done first
  state TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER,
  unit TEXT NOT NULL,
  error TEXT,
  log TEXT NOT NULL DEFAULT '[]',
  summary TEXT NOT NULL DEFAULT '{}',
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER
) STRICT;
CREATE INDEX job_state ON job (state);

CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  title TEXT NOT NULL,
  changes TEXT NOT NULL, -- JSON
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
`),
};
