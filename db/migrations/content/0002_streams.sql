-- The open streams of each user, counted against a limit in the statement that inserts one. Their
-- content is in their Durable Objects, which delete the rows when they end.
CREATE TABLE openStreams (
  userId TEXT NOT NULL,
  path TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  PRIMARY KEY (userId, path)
) STRICT, WITHOUT ROWID;
