/**
 * The tables of chats, models and settings. Times are milliseconds since 1970, ids are UUID v7,
 * columns named in the comments as JSON hold what the contract's schema of the same name says.
 */
export const sql = /* sql */ `
CREATE TABLE folders (
  id            TEXT PRIMARY KEY,
  parent_id     TEXT REFERENCES folders (id) ON DELETE CASCADE,
  name          TEXT NOT NULL,
  position      REAL NOT NULL DEFAULT 0,
  system_prompt TEXT,             -- NULL: that of the folder above
  sampling      TEXT NOT NULL DEFAULT '{}', -- JSON SamplingOverrides
  model_id      TEXT,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX folders_by_parent ON folders (parent_id);

CREATE TABLE chats (
  id             TEXT PRIMARY KEY,
  folder_id      TEXT REFERENCES folders (id) ON DELETE SET NULL,
  title          TEXT NOT NULL,
  title_source   TEXT NOT NULL CHECK (title_source IN ('empty', 'first-message', 'person')),
  pinned_at      INTEGER,
  system_prompt  TEXT NOT NULL,
  sampling       TEXT NOT NULL,   -- JSON SamplingOverrides
  model_id       TEXT,            -- may name a model that was removed since
  active_leaf_id TEXT REFERENCES messages (id) ON DELETE SET NULL,
  draft          TEXT NOT NULL,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL, -- when its last message was added
  trashed_at     INTEGER
) STRICT;
CREATE INDEX chats_by_update ON chats (updated_at) WHERE trashed_at IS NULL;
CREATE INDEX chats_by_folder ON chats (folder_id);
CREATE INDEX chats_by_active_leaf ON chats (active_leaf_id);

-- A tree: messages with the same parent are branches.
CREATE TABLE messages (
  id         TEXT PRIMARY KEY,
  chat_id    TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  parent_id  TEXT REFERENCES messages (id) ON DELETE CASCADE,
  role       TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  text       TEXT NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('running', 'complete', 'stopped', 'interrupted', 'failed')),
  failure    TEXT,                -- JSON Failure
  run_card   TEXT,                -- JSON RunCard
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_chat ON messages (chat_id, id);
CREATE INDEX messages_by_parent ON messages (parent_id);
CREATE INDEX messages_running ON messages (id) WHERE status = 'running';

CREATE TABLE models (
  id                 TEXT PRIMARY KEY,
  path               TEXT NOT NULL UNIQUE,
  source             TEXT NOT NULL CHECK (source IN ('bundled', 'file')),
  name               TEXT NOT NULL,
  size_bytes         INTEGER NOT NULL,
  modified_at        INTEGER NOT NULL, -- of the file, when it was inspected
  architecture       TEXT NOT NULL,
  parameter_count    INTEGER NOT NULL,
  quantization       TEXT NOT NULL,
  train_context_size INTEGER NOT NULL,
  has_chat_template  INTEGER NOT NULL,
  sha256             TEXT,             -- NULL: not computed yet
  added_at           INTEGER NOT NULL,
  last_used_at       INTEGER
) STRICT;

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL             -- JSON
) STRICT, WITHOUT ROWID;
`
