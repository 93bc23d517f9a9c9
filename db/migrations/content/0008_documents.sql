-- Documents: texts, code and the like that open beside a chat, or that a person makes by hand.
CREATE TABLE documents (
  userId TEXT NOT NULL,
  id TEXT NOT NULL,
  -- The chat in which the model made it. NULL: a person made it by hand.
  chatId TEXT,
  -- A name from the registry of kinds, which grows without a migration.
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  -- The language of code. NULL for other kinds.
  language TEXT,
  -- The newest version.
  version INTEGER NOT NULL,
  createdAt INTEGER NOT NULL,
  updatedAt INTEGER NOT NULL,
  PRIMARY KEY (userId, id),
  FOREIGN KEY (userId, chatId) REFERENCES chats (userId, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX documentsByUpdate ON documents (userId, updatedAt DESC, id DESC);
CREATE INDEX documentsByChat ON documents (userId, chatId, updatedAt DESC, id DESC) WHERE chatId IS NOT NULL;

-- A version never changes. A save that goes on with the same run of edits inserts a new version and
-- deletes the one before it, in one batch.
CREATE TABLE documentVersions (
  userId TEXT NOT NULL,
  documentId TEXT NOT NULL,
  -- Counts saves. A deleted version leaves a gap.
  version INTEGER NOT NULL,
  -- Counts versions without gaps, for people. A version that replaces another takes its number.
  number INTEGER NOT NULL,
  author TEXT NOT NULL CHECK (author IN ('person', 'model')),
  status TEXT NOT NULL DEFAULT 'complete' CHECK (status IN ('complete', 'stopped', 'interrupted')),
  -- The message that made it, or shows it. Such a version is never replaced.
  messageId TEXT,
  -- The save that made it: the same one sent again makes no second version.
  saveId TEXT,
  -- The run of edits that it belongs to, in one editor. NULL: none.
  runId TEXT,
  -- The version whose content it restored.
  restoredFrom INTEGER,
  content TEXT NOT NULL,
  contentHash TEXT NOT NULL,
  -- When its run of edits began, and when it was saved.
  startedAt INTEGER NOT NULL,
  createdAt INTEGER NOT NULL,
  PRIMARY KEY (userId, documentId, version),
  FOREIGN KEY (userId, documentId) REFERENCES documents (userId, id) ON DELETE CASCADE
) STRICT;

-- What documents add to the storage of their owner: their text, and 300 bytes for each row.
CREATE TRIGGER documentAddsUse AFTER INSERT ON documents BEGIN INSERT INTO contentUse (userId, textBytes) VALUES (NEW.userId, octet_length(NEW.title) + 300) ON CONFLICT (userId) DO UPDATE SET textBytes = textBytes + excluded.textBytes; END;
CREATE TRIGGER documentFreesUse AFTER DELETE ON documents BEGIN UPDATE contentUse SET textBytes = textBytes - octet_length(OLD.title) - 300 WHERE userId = OLD.userId; END;
CREATE TRIGGER documentChangesUse AFTER UPDATE OF userId, title ON documents BEGIN UPDATE contentUse SET textBytes = textBytes - octet_length(OLD.title) - 300 WHERE userId = OLD.userId; INSERT INTO contentUse (userId, textBytes) VALUES (NEW.userId, octet_length(NEW.title) + 300) ON CONFLICT (userId) DO UPDATE SET textBytes = textBytes + excluded.textBytes; END;
CREATE TRIGGER versionAddsUse AFTER INSERT ON documentVersions BEGIN INSERT INTO contentUse (userId, textBytes) VALUES (NEW.userId, octet_length(NEW.content) + 300) ON CONFLICT (userId) DO UPDATE SET textBytes = textBytes + excluded.textBytes; END;
CREATE TRIGGER versionFreesUse AFTER DELETE ON documentVersions BEGIN UPDATE contentUse SET textBytes = textBytes - octet_length(OLD.content) - 300 WHERE userId = OLD.userId; END;
CREATE TRIGGER versionMovesUse AFTER UPDATE OF userId ON documentVersions WHEN OLD.userId <> NEW.userId BEGIN UPDATE contentUse SET textBytes = textBytes - octet_length(OLD.content) - 300 WHERE userId = OLD.userId; INSERT INTO contentUse (userId, textBytes) VALUES (NEW.userId, octet_length(NEW.content) + 300) ON CONFLICT (userId) DO UPDATE SET textBytes = textBytes + excluded.textBytes; END;
