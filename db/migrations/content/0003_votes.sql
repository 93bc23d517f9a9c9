-- What someone thinks of an answer. Goes with the answer.
CREATE TABLE votes (
  userId TEXT NOT NULL,
  messageId TEXT NOT NULL,
  isUpvoted INTEGER NOT NULL CHECK (isUpvoted IN (0, 1)),
  updatedAt INTEGER NOT NULL,
  PRIMARY KEY (userId, messageId),
  FOREIGN KEY (userId, messageId) REFERENCES messages (userId, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The versions of a chat's first message have no parent to be found by.
CREATE INDEX messagesWithoutParent ON messages (userId, chatId, createdAt, id)
  WHERE parentId IS NULL;

-- What a person has chosen, on every device.
CREATE TABLE preferences (
  userId TEXT PRIMARY KEY,
  -- The model of new chats.
  modelId TEXT,
  updatedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
