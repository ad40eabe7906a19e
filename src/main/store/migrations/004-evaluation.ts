import type { Migration } from './index.ts';

export const evaluation: Migration = {
  name: 'evaluation',
  up: (db) =>
    db.exec(`
-- Lists of pictures with what is true of them. They are no datasets: nothing of theirs is searched, clustered or learnt.
CREATE TABLE benchmark (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  format TEXT NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  images_source TEXT, -- where the pictures are, if not beside the list
  alignment TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  hash TEXT, -- NULL until every picture was looked at
  figures TEXT NOT NULL, -- JSON of BenchmarkFigures
  job_id INTEGER REFERENCES job ON DELETE SET NULL
) STRICT;
CREATE INDEX benchmark_job ON benchmark (job_id);
-- Neither crop nor problem: nobody has looked at it yet.
CREATE TABLE benchmark_image (
  benchmark_id INTEGER NOT NULL REFERENCES benchmark ON DELETE CASCADE,
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  person TEXT,
  grp TEXT,
  box TEXT, -- JSON of Box, where the list says where the face is
  points TEXT, -- JSON array of 10 numbers, in the original: of the list, later as found
  weight REAL, -- the detector's score, which weighs a template's pictures
  hash TEXT, -- of the original's bytes
  path TEXT, -- NULL: the original is in the pack of originals, under its hash
  width INTEGER,
  height INTEGER,
  crop TEXT,
  overall REAL,
  sharpness REAL,
  brightness REAL,
  yaw REAL,
  pitch REAL,
  roll REAL,
  problem TEXT, -- JSON of ErrorInfo
  dataset_id INTEGER, -- where it was drawn from a version; erasing that dataset takes the picture out
  PRIMARY KEY (benchmark_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX benchmark_image_crop ON benchmark_image (crop);
CREATE INDEX benchmark_image_hash ON benchmark_image (hash);
CREATE INDEX benchmark_image_dataset ON benchmark_image (dataset_id) WHERE dataset_id IS NOT NULL;
-- The rest of the list: little-endian arrays by name, or JSON; what there is of each kind is said in store/benchmark-lists.ts.
CREATE TABLE benchmark_array (
  benchmark_id INTEGER NOT NULL REFERENCES benchmark ON DELETE CASCADE,
  name TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (benchmark_id, name)
) STRICT;
-- Pairs that the user says are mislabelled.
CREATE TABLE benchmark_mark (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  benchmark_id INTEGER NOT NULL REFERENCES benchmark ON DELETE CASCADE,
  pair INTEGER NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (benchmark_id, pair)
) STRICT;

-- A measurement of a model, or of several together, on a benchmark by a protocol. It outlives all three.
CREATE TABLE evaluation_result (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject_hash TEXT NOT NULL,
  subject TEXT NOT NULL, -- JSON of Subject
  benchmark_id INTEGER REFERENCES benchmark ON DELETE SET NULL,
  benchmark_name TEXT NOT NULL,
  benchmark_hash TEXT NOT NULL,
  benchmark_kind TEXT NOT NULL,
  protocol TEXT NOT NULL,
  options TEXT NOT NULL, -- JSON
  created_at INTEGER NOT NULL,
  figures TEXT NOT NULL, -- JSON
  scores BLOB, -- float32 in the order of the pairs, NaN where one was left out
  left_out BLOB -- uint8 in the order of the pairs: why
) STRICT;
CREATE INDEX evaluation_result_benchmark ON evaluation_result (benchmark_id, subject_hash, protocol);
CREATE INDEX evaluation_result_subject ON evaluation_result (subject_hash, benchmark_hash, protocol);
-- What a benchmark has in common with what was trained on.
CREATE TABLE leak (
  benchmark_id INTEGER NOT NULL REFERENCES benchmark ON DELETE CASCADE,
  benchmark_hash TEXT NOT NULL,
  version_hash TEXT NOT NULL,
  version_id INTEGER REFERENCES version ON DELETE SET NULL,
  model TEXT NOT NULL,
  report TEXT NOT NULL, -- JSON of LeakReport
  images BLOB NOT NULL, -- uint8 by position: 1 the picture, 2 the person is in the version
  PRIMARY KEY (benchmark_id, version_hash, model)
) STRICT;
CREATE INDEX leak_version ON leak (version_id);

-- Whose embeddings a file holds: SHA-256 of the model's file. NULL in files of older versions.
ALTER TABLE vector_file ADD COLUMN model_hash TEXT;
`),
};
