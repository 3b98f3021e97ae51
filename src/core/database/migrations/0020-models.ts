/**
 * Models with where they come from and how they are loaded, the folders they are found in, downloads,
 * and what loading was measured to take. Times are milliseconds since 1970; columns named in the
 * comments as JSON hold what the contract's schema of the same name says.
 */
export const sql = /* sql */ `
CREATE TABLE model_folders (
  id       TEXT PRIMARY KEY,
  path     TEXT NOT NULL UNIQUE,
  kind     TEXT NOT NULL CHECK (kind IN ('own', 'watched', 'lm-studio', 'ollama', 'hugging-face')),
  is_on    INTEGER NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE new_models (
  id                 TEXT PRIMARY KEY,
  path               TEXT NOT NULL UNIQUE,
  type               TEXT NOT NULL CHECK (type IN ('model', 'adapter')),
  source             TEXT NOT NULL,
  folder_id          TEXT REFERENCES model_folders (id) ON DELETE CASCADE, -- NULL: not found by a scan
  repository         TEXT,
  name               TEXT NOT NULL,
  size_bytes         INTEGER NOT NULL,
  part_count         INTEGER NOT NULL,
  modified_at        INTEGER NOT NULL, -- of the file, when it was inspected
  architecture       TEXT NOT NULL,
  parameter_count    INTEGER NOT NULL,
  quantization       TEXT NOT NULL,
  train_context_size INTEGER NOT NULL,
  has_chat_template  INTEGER NOT NULL,
  vocabulary_size    INTEGER NOT NULL,
  vocabulary_hash    TEXT NOT NULL,
  kind               TEXT NOT NULL CHECK (kind IN ('chat', 'base')),
  kind_is_set        INTEGER NOT NULL DEFAULT 0, -- by a person, so inspecting again keeps it
  load_overrides     TEXT NOT NULL DEFAULT '{}', -- JSON LoadOverrides
  doctor_grade       TEXT,             -- the worst of the report's findings
  is_present         INTEGER NOT NULL DEFAULT 1,
  is_removed         INTEGER NOT NULL DEFAULT 0, -- taken off the list by hand; a scan does not bring it back
  sha256             TEXT,             -- NULL: not computed yet
  added_at           INTEGER NOT NULL,
  last_used_at       INTEGER,
  doctor_report      TEXT              -- JSON Report; NULL: never examined. Last, because it is long and lists do without
) STRICT;
INSERT INTO new_models
  (id, path, type, source, name, size_bytes, part_count, modified_at, architecture, parameter_count, quantization,
   train_context_size, has_chat_template, vocabulary_size, vocabulary_hash, kind, sha256, added_at, last_used_at)
  -- modified_at 0: its file is inspected again, because more is known of a file now.
  SELECT id, path, 'model', source, name, size_bytes, 1, 0, architecture, parameter_count, quantization,
   train_context_size, has_chat_template, 0, '', 'chat', sha256, added_at, last_used_at FROM models;
DROP TABLE models;
ALTER TABLE new_models RENAME TO models;
CREATE INDEX models_by_folder ON models (folder_id);
CREATE INDEX models_without_sha256 ON models (added_at) WHERE sha256 IS NULL;

-- Files that were looked at and are no models, so that a scan does not look again.
CREATE TABLE refused_files (
  path        TEXT PRIMARY KEY,
  folder_id   TEXT NOT NULL REFERENCES model_folders (id) ON DELETE CASCADE,
  size_bytes  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  failure     TEXT NOT NULL            -- JSON Failure
) STRICT, WITHOUT ROWID;

CREATE TABLE downloads (
  id             TEXT PRIMARY KEY,
  position       REAL NOT NULL,
  source_id      TEXT NOT NULL,
  repository     TEXT NOT NULL,
  revision       TEXT NOT NULL,
  name           TEXT NOT NULL,
  quantization   TEXT NOT NULL,
  files          TEXT NOT NULL,        -- JSON HubFile[]
  directory      TEXT NOT NULL,
  state          TEXT NOT NULL,
  failure        TEXT,                 -- JSON Failure
  model_id       TEXT,
  created_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE hub_tokens (
  source_id TEXT PRIMARY KEY,
  origin    TEXT NOT NULL,             -- the only one it is sent to
  token     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What loads really took, beside what was estimated.
CREATE TABLE memory_measurements (
  id              TEXT PRIMARY KEY,
  model_id        TEXT NOT NULL,
  settings        TEXT NOT NULL,       -- JSON: what the estimate depends on
  gpu             TEXT NOT NULL,
  estimated_bytes INTEGER NOT NULL,
  measured_bytes  INTEGER NOT NULL,
  ratio           REAL NOT NULL,       -- measured to estimated, as far as it says something of other loads
  measured_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX memory_measurements_by_model ON memory_measurements (model_id, measured_at);

-- Figures of this machine, such as the speed of its memory.
CREATE TABLE machine_measurements (
  name        TEXT PRIMARY KEY,
  value       REAL NOT NULL,
  measured_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE chats ADD COLUMN mode TEXT NOT NULL DEFAULT 'chat';
`
