-- What administrators did with the content of other users. Rows are inserted and never changed. They
-- outlive the users that they are about, so there are no foreign keys.
CREATE TABLE auditEvents (
  id TEXT NOT NULL PRIMARY KEY,
  actorId TEXT NOT NULL,
  -- Such as file.read.
  action TEXT NOT NULL,
  targetType TEXT NOT NULL,
  targetId TEXT NOT NULL,
  ownerId TEXT,
  createdAt INTEGER NOT NULL
) STRICT;

CREATE INDEX auditEventsByTime ON auditEvents (createdAt DESC, id DESC);
