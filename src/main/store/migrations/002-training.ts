import type { Migration } from './index.ts';

export const training: Migration = {
  name: 'training',
  up: (db) =>
    db.exec(`
-- An immutable list of crops with the names of whose they are. Its items have no index but their order: a hundred
-- thousand are written at once, and what looks at all of them (erasing) is rare.
CREATE TABLE version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  min_quality REAL NOT NULL,
  images INTEGER NOT NULL,
  identities INTEGER NOT NULL,
  missing INTEGER NOT NULL DEFAULT 0, -- of the images: erased since
  solvers TEXT NOT NULL, -- JSON: crops by the solver that aligned them
  least_side INTEGER NOT NULL,
  most_side INTEGER NOT NULL
) STRICT;
CREATE TABLE version_dataset (
  version_id INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  position INTEGER NOT NULL,
  dataset_id INTEGER REFERENCES dataset ON DELETE SET NULL,
  name TEXT NOT NULL, -- as it was called then
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_dataset_dataset ON version_dataset (dataset_id);
CREATE TABLE version_identity (
  version_id INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  identity INTEGER NOT NULL, -- 0 and on, in the order of the names
  name TEXT NOT NULL,
  PRIMARY KEY (version_id, identity)
) STRICT, WITHOUT ROWID;
CREATE TABLE version_item (
  version_id INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  position INTEGER NOT NULL, -- by crop, then name
  crop TEXT NOT NULL,
  identity INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL, -- erasing takes the rows of a dataset out before it goes
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  recipe TEXT NOT NULL, -- JSON, with everything stated
  version_id INTEGER NOT NULL REFERENCES version,
  job_id INTEGER REFERENCES job ON DELETE SET NULL,
  state TEXT NOT NULL,
  reason TEXT,
  error TEXT, -- JSON of ErrorInfo
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  step INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL,
  steps_per_epoch INTEGER NOT NULL,
  parent_id INTEGER REFERENCES run ON DELETE SET NULL,
  parent_name TEXT,
  parent_step INTEGER,
  fork_file TEXT, -- the parent's checkpoint, until there is one of its own
  provider TEXT,
  loss REAL, -- smoothed
  best_accuracy REAL,
  best_step INTEGER
) STRICT;
CREATE INDEX run_version ON run (version_id);
CREATE INDEX run_job ON run (job_id);
CREATE INDEX run_parent ON run (parent_id);
CREATE TABLE checkpoint (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  step INTEGER NOT NULL,
  file TEXT NOT NULL, -- in the run's folder of checkpoints
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  accuracy REAL,
  best INTEGER NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluation (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  step INTEGER NOT NULL,
  name TEXT NOT NULL, -- of the pairs' set
  result TEXT NOT NULL, -- JSON of Evaluation
  PRIMARY KEY (run_id, step, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshot (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  step INTEGER NOT NULL,
  histograms TEXT NOT NULL, -- JSON of Snapshot
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;
`),
};
