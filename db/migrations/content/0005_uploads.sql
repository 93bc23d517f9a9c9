-- Files that users attach to their chats. The bytes are in R2 under uploads/<id>. A row is inserted
-- before them (pending), says that they are there (ready), and is deleted after them (deleting), so
-- no object is without a row for longer than the interval of the cron.
CREATE TABLE uploads (
  userId TEXT NOT NULL,
  id TEXT NOT NULL,
  -- The chat in which it was attached first. NULL for none.
  chatId TEXT,
  name TEXT NOT NULL,
  mediaType TEXT,
  bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
  sha256 TEXT,
  width INTEGER,
  height INTEGER,
  thumbnailBytes INTEGER,
  thumbnailType TEXT,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'ready', 'deleting')),
  r2UploadId TEXT,
  createdAt INTEGER NOT NULL,
  -- When it was last attached to a message that has not been sent.
  draftedAt INTEGER,
  -- When it was attached to a second unsent message. The same content of the same user is one
  -- upload, so it can wait in two drafts at once, and removing it from one must not delete it. It
  -- stays a draft until the cron comes to it, a week after draftedAt.
  reusedAt INTEGER,
  PRIMARY KEY (userId, id),
  CHECK (state <> 'ready' OR (mediaType IS NOT NULL AND sha256 IS NOT NULL))
) STRICT;

-- The address of a file has the id of the upload alone.
CREATE UNIQUE INDEX uploadsById ON uploads (id);
CREATE INDEX uploadsByTime ON uploads (userId, createdAt DESC, id DESC) WHERE state = 'ready';
-- Also serves the sum of all files of a user.
CREATE INDEX uploadsBySize ON uploads (userId, bytes DESC, id DESC, thumbnailBytes) WHERE state = 'ready';
CREATE INDEX uploadsByContent ON uploads (userId, sha256) WHERE state = 'ready';
CREATE INDEX uploadsByChat ON uploads (userId, chatId) WHERE chatId IS NOT NULL;
-- For the cron.
CREATE INDEX uploadsUnfinished ON uploads (state, createdAt) WHERE state <> 'ready';
CREATE INDEX uploadsDeleting ON uploads (userId, id) WHERE state = 'deleting';
CREATE INDEX uploadsDrafted ON uploads (draftedAt) WHERE draftedAt IS NOT NULL;

-- The uploads of each message.
CREATE TABLE messageFiles (
  userId TEXT NOT NULL,
  messageId TEXT NOT NULL,
  uploadId TEXT NOT NULL,
  chatId TEXT NOT NULL,
  PRIMARY KEY (userId, messageId, uploadId),
  FOREIGN KEY (userId, messageId) REFERENCES messages (userId, id) ON DELETE CASCADE,
  FOREIGN KEY (userId, uploadId) REFERENCES uploads (userId, id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;

CREATE INDEX messageFilesByUpload ON messageFiles (userId, uploadId, messageId DESC, chatId);

-- A trigger is one line, because the endpoint for migrations refuses longer ones (decision 0031).

-- Sent, copied or imported: the files that a message names in its parts are in use from now on, and
-- are no drafts any more. A file that was attached twice may still wait in another draft.
CREATE TRIGGER messageUsesFiles AFTER INSERT ON messages WHEN instr(NEW.parts, '/files/') > 0 BEGIN INSERT OR IGNORE INTO messageFiles (userId, messageId, uploadId, chatId) SELECT NEW.userId, NEW.id, uploads.id, NEW.chatId FROM json_each(NEW.parts) AS part CROSS JOIN uploads ON uploads.userId = NEW.userId AND uploads.id = substr(part.value ->> 'url', 8) WHERE part.type = 'object' AND part.value ->> 'type' = 'file' AND substr(part.value ->> 'url', 1, 7) = '/files/' AND uploads.state = 'ready'; UPDATE uploads SET draftedAt = NULL WHERE userId = NEW.userId AND draftedAt IS NOT NULL AND reusedAt IS NULL AND id IN (SELECT uploadId FROM messageFiles WHERE userId = NEW.userId AND messageId = NEW.id); END;

-- A file that no message and no draft uses any more is deleted.
CREATE TRIGGER fileNotUsedAnyMore AFTER DELETE ON messageFiles BEGIN UPDATE uploads SET state = 'deleting' WHERE userId = OLD.userId AND id = OLD.uploadId AND state = 'ready' AND draftedAt IS NULL AND NOT EXISTS (SELECT 1 FROM messageFiles WHERE userId = OLD.userId AND uploadId = OLD.uploadId); END;

-- A file that was attached in a chat and never sent is deleted with the chat.
CREATE TRIGGER chatTakesDraftedFiles AFTER DELETE ON chats BEGIN UPDATE uploads SET state = 'deleting' WHERE userId = OLD.userId AND chatId = OLD.id AND state = 'ready' AND NOT EXISTS (SELECT 1 FROM messageFiles WHERE userId = OLD.userId AND uploadId = uploads.id); END;
