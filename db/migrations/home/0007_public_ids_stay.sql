-- The first user who publishes a chat keeps its id, also when the account is deleted. So the owner is
-- no foreign key any more, which SQLite can only change with a new table.
CREATE TABLE publicChatOwners (
  chatId TEXT PRIMARY KEY,
  userId TEXT NOT NULL,
  createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO publicChatOwners (chatId, userId, createdAt) SELECT chatId, userId, createdAt FROM publicChats;
DROP TABLE publicChats;
ALTER TABLE publicChatOwners RENAME TO publicChats;
CREATE INDEX publicChatsByUser ON publicChats (userId);
