-- Votes on answers. A vote is deleted with its answer.
CREATE TABLE votes (
  userId TEXT NOT NULL,
  messageId TEXT NOT NULL,
  isUpvoted INTEGER NOT NULL CHECK (isUpvoted IN (0, 1)),
  updatedAt INTEGER NOT NULL,
  PRIMARY KEY (userId, messageId),
  FOREIGN KEY (userId, messageId) REFERENCES messages (userId, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The settings of a user, the same on every device.
CREATE TABLE preferences (
  userId TEXT PRIMARY KEY,
  -- The model of new chats.
  modelId TEXT,
  updatedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
