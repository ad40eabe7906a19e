import type { Migration } from './index.ts';

export const cleaning: Migration = {
  name: 'cleaning',
  up: (db) =>
    db.exec(`
-- What a model says of a version's names. Scores are little-endian arrays by the positions of the version's items.
CREATE TABLE cleaning (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version_id INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  model TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  own BLOB NOT NULL, -- float32, NaN where it can't be judged
  next BLOB NOT NULL, -- float32
  nearest BLOB NOT NULL, -- int32, an identity or -1
  pairs TEXT NOT NULL, -- JSON: [identity, identity, similarity] that may be one
  noise TEXT NOT NULL, -- JSON of NoiseModel
  histograms TEXT NOT NULL, -- JSON
  UNIQUE (version_id, model)
) STRICT;
-- A version that was made of another by changing names and leaving pictures out.
CREATE TABLE version_cleaning (
  version_id INTEGER PRIMARY KEY REFERENCES version ON DELETE CASCADE,
  parent_id INTEGER REFERENCES version ON DELETE SET NULL,
  parent_name TEXT NOT NULL, -- as it was called then
  parent_hash TEXT NOT NULL,
  model TEXT NOT NULL,
  model_name TEXT NOT NULL,
  limits TEXT NOT NULL, -- JSON of CleaningLimits
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX version_cleaning_parent ON version_cleaning (parent_id);
CREATE TABLE version_change (
  version_id INTEGER NOT NULL REFERENCES version_cleaning ON DELETE CASCADE,
  position INTEGER NOT NULL, -- the most certain first
  crop TEXT NOT NULL,
  dataset_id INTEGER NOT NULL, -- erasing takes the rows of a dataset out
  action TEXT NOT NULL,
  old_name TEXT NOT NULL,
  new_name TEXT, -- NULL where it was left out
  own REAL,
  next REAL,
  certainty REAL NOT NULL,
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;
`),
};
