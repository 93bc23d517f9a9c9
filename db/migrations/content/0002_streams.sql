-- The open streams that a user has: counted against the user's limit in the statement that adds one.
-- What is in them belongs to their Durable Objects, which take their row away when they end.
CREATE TABLE openStreams (
  userId TEXT NOT NULL,
  path TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  PRIMARY KEY (userId, path)
) STRICT, WITHOUT ROWID;

-- Which chats are being answered just now: a handful of rows, whatever the size of the table.
CREATE INDEX messagesUnderWay ON messages (userId, chatId) WHERE status = 'streaming';

-- The answer of a turn, long after its object has forgotten it.
CREATE INDEX messagesByStream ON messages (userId, streamId) WHERE streamId IS NOT NULL;
