-- Links with which a user chooses a new password. A user has one at most: a newer one replaces it.
CREATE TABLE passwordResets (
  userId TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  -- SHA-256 of the secret, hex. The secret itself is only in the link.
  secretHash TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  expiresAt INTEGER NOT NULL
) STRICT;
