-- The owner of each public chat, because its readers know only its id. Whether a chat is public is
-- decided by its own visibility: without that, a row here means nothing.
CREATE TABLE publicChats (
  chatId TEXT PRIMARY KEY,
  userId TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX publicChatsByUser ON publicChats (userId);
