-- Bearer tokens for programs. The token itself is shown once, when it is made.
CREATE TABLE apiTokens (
  id TEXT PRIMARY KEY,
  userId TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- SHA-256 of the secret, hex.
  secretHash TEXT NOT NULL,
  -- JSON array of scopes.
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  createdAt INTEGER NOT NULL,
  -- NULL: until it is revoked.
  expiresAt INTEGER,
  lastUsedAt INTEGER
) STRICT;

CREATE INDEX apiTokensByUser ON apiTokens (userId, createdAt DESC, id DESC);
