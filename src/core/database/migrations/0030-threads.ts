/**
 * Folders in use, the trash, presets, queues, attachments, summaries, the search, and the states that are
 * kept on disk.
 * Times are milliseconds since 1970; columns named in the comments as JSON hold what the contract's
 * schema of the same name says.
 */
export const sql = /* sql */ `
-- Columns whose constraints change are replaced: the table itself cannot be, because messages refer to it.
ALTER TABLE chats ADD COLUMN new_title_source TEXT NOT NULL DEFAULT 'empty'
  CHECK (new_title_source IN ('empty', 'first-message', 'model', 'person'));
ALTER TABLE chats ADD COLUMN new_system_prompt TEXT; -- NULL: what the preset, the folder or the model says
UPDATE chats SET new_title_source = title_source, new_system_prompt = NULLIF(system_prompt, '');
ALTER TABLE chats DROP COLUMN title_source;
ALTER TABLE chats DROP COLUMN system_prompt;
ALTER TABLE chats RENAME COLUMN new_title_source TO title_source;
ALTER TABLE chats RENAME COLUMN new_system_prompt TO system_prompt;

ALTER TABLE chats ADD COLUMN preset_id TEXT;         -- may name a preset that was deleted since
ALTER TABLE chats ADD COLUMN context_policy TEXT;    -- NULL: that of the settings
ALTER TABLE chats ADD COLUMN draft_attachments TEXT NOT NULL DEFAULT '[]'; -- JSON Attachment[]
ALTER TABLE chats ADD COLUMN queue TEXT NOT NULL DEFAULT '[]';             -- JSON QueuedMessage[]
ALTER TABLE chats ADD COLUMN is_unread INTEGER NOT NULL DEFAULT 0;

ALTER TABLE folders ADD COLUMN preset_id TEXT;
ALTER TABLE folders ADD COLUMN trashed_at INTEGER;   -- the same for all that went to the trash together

ALTER TABLE messages ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';    -- JSON Attachment[]
ALTER TABLE messages ADD COLUMN summary TEXT;        -- JSON
ALTER TABLE messages ADD COLUMN is_compared INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN deleted_at INTEGER;  -- the same for all of a branch that was deleted

CREATE INDEX chats_by_trash ON chats (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX folders_by_trash ON folders (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX messages_deleted ON messages (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX messages_deleted_by_chat ON messages (chat_id) WHERE deleted_at IS NOT NULL;

CREATE INDEX messages_with_attachments ON messages (id) WHERE attachments <> '[]';

CREATE TABLE presets (
  id            TEXT PRIMARY KEY,
  name          TEXT NOT NULL,
  source        TEXT NOT NULL,
  system_prompt TEXT,
  sampling      TEXT NOT NULL,     -- JSON SamplingOverrides
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE prompt_versions (
  id       TEXT PRIMARY KEY,
  owner    TEXT NOT NULL CHECK (owner IN ('chat', 'folder', 'preset')),
  owner_id TEXT NOT NULL,
  text     TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX prompt_versions_by_owner ON prompt_versions (owner, owner_id, saved_at);
-- What stood there before a change; typing that goes on within two minutes counts as one change.
CREATE TRIGGER chats_prompt_versions AFTER UPDATE OF system_prompt ON chats
WHEN old.system_prompt <> '' AND new.system_prompt IS NOT old.system_prompt AND NOT EXISTS (
  SELECT 1 FROM prompt_versions
  WHERE owner = 'chat' AND owner_id = old.id AND saved_at > unixepoch('subsec') * 1000 - 120000
) BEGIN
  INSERT INTO prompt_versions VALUES
    (lower(hex(randomblob(16))), 'chat', old.id, old.system_prompt, unixepoch('subsec') * 1000);
END;
CREATE TRIGGER folders_prompt_versions AFTER UPDATE OF system_prompt ON folders
WHEN old.system_prompt <> '' AND new.system_prompt IS NOT old.system_prompt AND NOT EXISTS (
  SELECT 1 FROM prompt_versions
  WHERE owner = 'folder' AND owner_id = old.id AND saved_at > unixepoch('subsec') * 1000 - 120000
) BEGIN
  INSERT INTO prompt_versions VALUES
    (lower(hex(randomblob(16))), 'folder', old.id, old.system_prompt, unixepoch('subsec') * 1000);
END;
CREATE TRIGGER presets_prompt_versions AFTER UPDATE OF system_prompt ON presets
WHEN old.system_prompt <> '' AND new.system_prompt IS NOT old.system_prompt AND NOT EXISTS (
  SELECT 1 FROM prompt_versions
  WHERE owner = 'preset' AND owner_id = old.id AND saved_at > unixepoch('subsec') * 1000 - 120000
) BEGIN
  INSERT INTO prompt_versions VALUES
    (lower(hex(randomblob(16))), 'preset', old.id, old.system_prompt, unixepoch('subsec') * 1000);
END;

-- KV states of chats, in files of their own.
CREATE TABLE saved_states (
  chat_id    TEXT PRIMARY KEY,
  key        TEXT NOT NULL,        -- hash of the model and of the settings that the state depends on
  tokens     INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The index of the search, see core/search. Contentless: it holds which grams a text has, and nothing of their order.
-- Between the grams stand spaces; all that can be seen is a part of them.
CREATE VIRTUAL TABLE search_grams USING fts5 (
  grams, content = '', contentless_delete = 1, detail = none,
  tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~'"
);
-- Left to itself it would now and then merge much at once, and keep the event loop.
INSERT INTO search_grams (search_grams, rank) VALUES ('automerge', 0);
CREATE TABLE search_documents (
  id         INTEGER PRIMARY KEY, -- rowid in search_grams; grows with the time of the message
  message_id TEXT NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE,
  chat_id    TEXT NOT NULL
) STRICT;
CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN
  DELETE FROM search_grams WHERE rowid = old.id;
END;

-- Messages whose text, as it is now, is not in the index yet.
CREATE TABLE search_pending (
  message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO search_pending SELECT id FROM messages;
CREATE TRIGGER messages_added_to_search AFTER INSERT ON messages BEGIN
  INSERT OR IGNORE INTO search_pending VALUES (new.id);
END;
CREATE TRIGGER messages_changed_for_search AFTER UPDATE OF text ON messages WHEN old.text <> new.text BEGIN
  INSERT OR IGNORE INTO search_pending VALUES (new.id);
END;
`
