-- What administrators did with what is somebody else's. Rows are added, never changed; they outlive
-- whom they are about, so nothing here refers to other tables.
CREATE TABLE auditEvents (
  id TEXT NOT NULL PRIMARY KEY,
  actorId TEXT NOT NULL,
  -- Like 'file.read'.
  action TEXT NOT NULL,
  targetType TEXT NOT NULL,
  targetId TEXT NOT NULL,
  ownerId TEXT,
  createdAt INTEGER NOT NULL
) STRICT;

CREATE INDEX auditEventsByTime ON auditEvents (createdAt DESC, id DESC);
