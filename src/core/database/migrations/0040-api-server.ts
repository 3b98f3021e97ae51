/**
 * Keys for the HTTP server, and models that programs have made on top of those of the library. Times are
 * milliseconds since 1970.
 */
export const sql = /* sql */ `
CREATE TABLE api_keys (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  hash         TEXT NOT NULL UNIQUE, -- SHA-256 of the key, in hexadecimal
  ending       TEXT NOT NULL,
  scopes       TEXT NOT NULL,        -- JSON ApiScope[]
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;

CREATE TABLE derived_models (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL UNIQUE COLLATE NOCASE,
  model_id        TEXT NOT NULL,     -- of the library; may name one that was removed since
  system_prompt   TEXT NOT NULL,
  sampling        TEXT NOT NULL,     -- JSON SamplingOverrides
  load_overrides  TEXT NOT NULL,     -- JSON LoadOverrides, on top of the model's own
  modelfile       TEXT NOT NULL,     -- as it was given; empty for a copy
  created_at      INTEGER NOT NULL
) STRICT;
`
