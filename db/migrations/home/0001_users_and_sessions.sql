-- Times are epoch milliseconds, ids are UUIDs (imported rows keep theirs).
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  -- Case-folded before it is stored. NULL for a guest.
  email TEXT UNIQUE,
  passwordHash TEXT,
  name TEXT,
  role TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
  isGuest INTEGER NOT NULL DEFAULT 0 CHECK (isGuest IN (0, 1)),
  -- The number of the CONTENT_<n> binding with the content of the user.
  contentShard INTEGER NOT NULL DEFAULT 0 CHECK (contentShard >= 0),
  emailVerifiedAt INTEGER,
  createdAt INTEGER NOT NULL,
  disabledAt INTEGER,
  CHECK (isGuest = 1 OR email IS NOT NULL)
) STRICT;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  -- SHA-256 of the secret, hex. The secret itself is only in the cookie.
  secretHash TEXT NOT NULL,
  userId TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  createdAt INTEGER NOT NULL,
  expiresAt INTEGER NOT NULL,
  lastSeenAt INTEGER NOT NULL,
  userAgent TEXT
) STRICT;

CREATE INDEX sessionsByUser ON sessions (userId, lastSeenAt DESC, id DESC);
CREATE INDEX sessionsByExpiry ON sessions (expiresAt);
