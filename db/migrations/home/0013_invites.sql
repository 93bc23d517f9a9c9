-- Invitations to create an account. They outlive the administrator who made them, so there is no foreign key.
CREATE TABLE invites (
  id TEXT NOT NULL PRIMARY KEY,
  -- SHA-256 of the secret, hex. The secret itself is only in the link.
  secretHash TEXT NOT NULL,
  -- The one address that can use it, in the form that addresses are stored in.
  email TEXT,
  maxUses INTEGER NOT NULL CHECK (maxUses >= 1),
  uses INTEGER NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND maxUses),
  createdBy TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  expiresAt INTEGER NOT NULL,
  revokedAt INTEGER
) STRICT;

CREATE INDEX invitesByTime ON invites (createdAt DESC, id DESC);
