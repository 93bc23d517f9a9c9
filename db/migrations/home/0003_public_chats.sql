-- Whose a public chat is: its readers have no more than its id. The chat itself says whether it is
-- public; a row here without that means nothing.
CREATE TABLE publicChats (
  chatId TEXT PRIMARY KEY,
  userId TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX publicChatsByUser ON publicChats (userId);
