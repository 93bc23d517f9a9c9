-- Files that people give to their chats. The bytes are in R2 under uploads/<id>; a row comes before
-- them (pending), says that they are there (ready), and goes after them (deleting), so that no object
-- is without a row for longer than the sweep takes.
CREATE TABLE uploads (
  userId TEXT NOT NULL,
  id TEXT NOT NULL,
  -- The chat in which it was given first; there need not be one.
  chatId TEXT,
  name TEXT NOT NULL,
  mediaType TEXT,
  bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
  sha256 TEXT,
  width INTEGER,
  height INTEGER,
  thumbnailBytes INTEGER,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'ready', 'deleting')),
  r2UploadId TEXT,
  createdAt INTEGER NOT NULL,
  -- When it was last given for a message that has not been sent since.
  draftedAt INTEGER,
  PRIMARY KEY (userId, id),
  CHECK (state <> 'ready' OR (mediaType IS NOT NULL AND sha256 IS NOT NULL))
) STRICT;

-- An address names the upload alone.
CREATE UNIQUE INDEX uploadsById ON uploads (id);
CREATE INDEX uploadsByTime ON uploads (userId, createdAt DESC, id DESC) WHERE state = 'ready';
-- Also serves the sum of all that a person has.
CREATE INDEX uploadsBySize ON uploads (userId, bytes DESC, id DESC, thumbnailBytes) WHERE state = 'ready';
CREATE INDEX uploadsByContent ON uploads (userId, sha256) WHERE state = 'ready';
CREATE INDEX uploadsByChat ON uploads (userId, chatId) WHERE chatId IS NOT NULL;
-- What the sweep looks through.
CREATE INDEX uploadsUnfinished ON uploads (state, createdAt) WHERE state <> 'ready';
CREATE INDEX uploadsDeleting ON uploads (userId, id) WHERE state = 'deleting';
CREATE INDEX uploadsDrafted ON uploads (draftedAt) WHERE draftedAt IS NOT NULL;

-- Which message has which upload.
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

-- However a message comes (sent, copied, imported): what its parts name is in use from now on.
CREATE TRIGGER messageUsesFiles AFTER INSERT ON messages WHEN instr(NEW.parts, '/files/') > 0
BEGIN
  INSERT OR IGNORE INTO messageFiles (userId, messageId, uploadId, chatId)
  SELECT NEW.userId, NEW.id, uploads.id, NEW.chatId
  FROM json_each(NEW.parts) AS part
  CROSS JOIN uploads ON uploads.userId = NEW.userId
    AND uploads.id = substr(part.value ->> 'url', 8)
  WHERE part.type = 'object' AND part.value ->> 'type' = 'file'
    AND substr(part.value ->> 'url', 1, 7) = '/files/' AND uploads.state = 'ready';
  UPDATE uploads SET draftedAt = NULL
  WHERE userId = NEW.userId AND draftedAt IS NOT NULL
    AND id IN (
      SELECT uploadId FROM messageFiles WHERE userId = NEW.userId AND messageId = NEW.id
    );
END;

-- However a message goes: a file that no other has, and that nobody is about to send, goes too.
CREATE TRIGGER fileNotUsedAnyMore AFTER DELETE ON messageFiles
BEGIN
  UPDATE uploads SET state = 'deleting'
  WHERE userId = OLD.userId AND id = OLD.uploadId AND state = 'ready' AND draftedAt IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM messageFiles WHERE userId = OLD.userId AND uploadId = OLD.uploadId
    );
END;

-- What was given in a chat and never sent goes with the chat.
CREATE TRIGGER chatTakesDraftedFiles AFTER DELETE ON chats
BEGIN
  UPDATE uploads SET state = 'deleting'
  WHERE userId = OLD.userId AND chatId = OLD.id AND state = 'ready'
    AND NOT EXISTS (
      SELECT 1 FROM messageFiles WHERE userId = OLD.userId AND uploadId = uploads.id
    );
END;
