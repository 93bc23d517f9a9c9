-- All that belongs to one user, in one database. The owner is part of every key, so a row cannot
-- be named without saying whose it is; userId refers to users in the home database, without a
-- foreign key, because that may be another database.
CREATE TABLE chats (
  userId TEXT NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  -- What the title is until the model or the owner gave a better one.
  titleSource TEXT NOT NULL DEFAULT 'question' CHECK (titleSource IN ('question', 'model', 'owner')),
  visibility TEXT NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'public')),
  pinnedAt INTEGER,
  -- The leaf of the branch that is shown. Not a foreign key: it would make a cycle with messages.
  currentMessageId TEXT,
  createdAt INTEGER NOT NULL,
  updatedAt INTEGER NOT NULL,
  PRIMARY KEY (userId, id)
) STRICT;

CREATE INDEX chatsByUpdate ON chats (userId, updatedAt DESC, id DESC);

-- A tree: an edited message or another answer is a sibling, nothing is overwritten.
CREATE TABLE messages (
  userId TEXT NOT NULL,
  id TEXT NOT NULL,
  chatId TEXT NOT NULL,
  parentId TEXT,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  -- JSON array of AI SDK UI message parts.
  parts TEXT NOT NULL CHECK (json_valid(parts)),
  status TEXT NOT NULL CHECK (status IN ('streaming', 'complete', 'stopped', 'interrupted', 'failed')),
  modelId TEXT,
  streamId TEXT,
  inputTokens INTEGER,
  outputTokens INTEGER,
  errorCode TEXT,
  createdAt INTEGER NOT NULL,
  finishedAt INTEGER,
  PRIMARY KEY (userId, id),
  FOREIGN KEY (userId, chatId) REFERENCES chats (userId, id) ON DELETE CASCADE,
  -- Deferred and not cascading: a cascade along the tree would end at SQLite's depth of 1,000.
  FOREIGN KEY (userId, parentId) REFERENCES messages (userId, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX messagesByChat ON messages (userId, chatId, createdAt, id);
CREATE INDEX messagesByParent ON messages (userId, parentId, createdAt, id);
