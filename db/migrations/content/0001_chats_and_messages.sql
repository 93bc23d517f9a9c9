-- Everything that users own, in one database. The owner is part of every key, so a row cannot be
-- named without its owner. userId is the id of a user in the home database, without a foreign key,
-- because that may be another database.
CREATE TABLE chats (
  userId TEXT NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  -- The question, until the model or the owner gives a better title.
  titleSource TEXT NOT NULL DEFAULT 'question' CHECK (titleSource IN ('question', 'model', 'owner')),
  visibility TEXT NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'public')),
  pinnedAt INTEGER,
  -- The leaf of the branch that is shown. Not a foreign key: it would make a cycle with messages.
  currentMessageId TEXT,
  createdAt INTEGER NOT NULL,
  updatedAt INTEGER NOT NULL,
  -- The Durable Object of a chat that an account took over from a guest. Its name stays, because an
  -- answer may be in progress in it. NULL: the object is named after the key of the chat.
  objectName TEXT,
  -- The id of an import and the index of the chat in it. An import whose response was lost is sent
  -- again, and must not insert its chats twice.
  importKey TEXT,
  -- A large chat is inserted in several batches. It is hidden until the last, which sets NULL.
  arrivingSince INTEGER,
  PRIMARY KEY (userId, id)
) STRICT;

CREATE INDEX chatsByUpdate ON chats (userId, updatedAt DESC, id DESC);
CREATE INDEX chatsPinned ON chats (userId, pinnedAt DESC, id DESC) WHERE pinnedAt IS NOT NULL;
CREATE INDEX chatsUnpinned ON chats (userId, updatedAt DESC, id DESC) WHERE pinnedAt IS NULL;
-- With these an object finds the chat that it belongs to now, and an import the chats it has made.
CREATE UNIQUE INDEX chatsByObject ON chats (objectName) WHERE objectName IS NOT NULL;
CREATE UNIQUE INDEX chatsByImport ON chats (userId, importKey) WHERE importKey IS NOT NULL;
-- For the cron.
CREATE INDEX chatsArriving ON chats (arrivingSince) WHERE arrivingSince IS NOT NULL;

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
  -- Deferred and not cascading: a cascade along the tree would end at the depth limit of SQLite, 1,000.
  FOREIGN KEY (userId, parentId) REFERENCES messages (userId, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX messagesByChat ON messages (userId, chatId, createdAt, id);
CREATE INDEX messagesByParent ON messages (userId, parentId, createdAt, id);
-- The versions of the first message of a chat have no parent to be found by.
CREATE INDEX messagesWithoutParent ON messages (userId, chatId, createdAt, id) WHERE parentId IS NULL;
-- The chats with an answer in progress: a handful of rows, whatever the size of the table.
CREATE INDEX messagesUnderWay ON messages (userId, chatId) WHERE status = 'streaming';
-- The answer of a turn, long after its object has forgotten it.
CREATE INDEX messagesByStream ON messages (userId, streamId) WHERE streamId IS NOT NULL;
