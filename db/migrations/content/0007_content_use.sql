-- What each user stores, in one row: chats and messages with the bytes of their text, files, and open
-- streams. Triggers keep it in the statement that changes the rows, so it cannot differ from them.
CREATE TABLE contentUse (
  userId TEXT PRIMARY KEY,
  chats INTEGER NOT NULL DEFAULT 0,
  messages INTEGER NOT NULL DEFAULT 0,
  -- Answers in progress: their bytes come with their end.
  openAnswers INTEGER NOT NULL DEFAULT 0,
  -- UTF-8 bytes of titles and of the parts of messages.
  textBytes INTEGER NOT NULL DEFAULT 0,
  fileBytes INTEGER NOT NULL DEFAULT 0,
  streamBytes INTEGER NOT NULL DEFAULT 0,
  -- A batch that must fit into the storage ends with a statement that sets 1 if it does not. The
  -- constraint undoes the batch then.
  isOver INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT contentQuota CHECK (isOver = 0)
) STRICT, WITHOUT ROWID;

-- The bytes that the object of a stream may hold. It raises them before it takes more.
ALTER TABLE openStreams ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER chatAddsUse AFTER INSERT ON chats BEGIN INSERT INTO contentUse (userId, chats, textBytes) VALUES (NEW.userId, 1, octet_length(NEW.title)) ON CONFLICT (userId) DO UPDATE SET chats = chats + 1, textBytes = textBytes + excluded.textBytes; END;
CREATE TRIGGER chatFreesUse AFTER DELETE ON chats BEGIN UPDATE contentUse SET chats = chats - 1, textBytes = textBytes - octet_length(OLD.title) WHERE userId = OLD.userId; END;
CREATE TRIGGER chatChangesUse AFTER UPDATE OF title ON chats WHEN OLD.userId = NEW.userId BEGIN UPDATE contentUse SET textBytes = textBytes - octet_length(OLD.title) + octet_length(NEW.title) WHERE userId = NEW.userId; END;
CREATE TRIGGER chatMovesUse AFTER UPDATE OF userId ON chats WHEN OLD.userId <> NEW.userId BEGIN UPDATE contentUse SET chats = chats - 1, textBytes = textBytes - octet_length(OLD.title) WHERE userId = OLD.userId; INSERT INTO contentUse (userId, chats, textBytes) VALUES (NEW.userId, 1, octet_length(NEW.title)) ON CONFLICT (userId) DO UPDATE SET chats = chats + 1, textBytes = textBytes + excluded.textBytes; END;

CREATE TRIGGER messageAddsUse AFTER INSERT ON messages BEGIN INSERT INTO contentUse (userId, messages, openAnswers, textBytes) VALUES (NEW.userId, 1, NEW.status = 'streaming', octet_length(NEW.parts)) ON CONFLICT (userId) DO UPDATE SET messages = messages + 1, openAnswers = openAnswers + excluded.openAnswers, textBytes = textBytes + excluded.textBytes; END;
CREATE TRIGGER messageFreesUse AFTER DELETE ON messages BEGIN UPDATE contentUse SET messages = messages - 1, openAnswers = openAnswers - (OLD.status = 'streaming'), textBytes = textBytes - octet_length(OLD.parts) WHERE userId = OLD.userId; END;
CREATE TRIGGER messageChangesUse AFTER UPDATE OF parts, status ON messages WHEN OLD.userId = NEW.userId BEGIN UPDATE contentUse SET openAnswers = openAnswers - (OLD.status = 'streaming') + (NEW.status = 'streaming'), textBytes = textBytes - octet_length(OLD.parts) + octet_length(NEW.parts) WHERE userId = NEW.userId; END;
CREATE TRIGGER messageMovesUse AFTER UPDATE OF userId ON messages WHEN OLD.userId <> NEW.userId BEGIN UPDATE contentUse SET messages = messages - 1, openAnswers = openAnswers - (OLD.status = 'streaming'), textBytes = textBytes - octet_length(OLD.parts) WHERE userId = OLD.userId; INSERT INTO contentUse (userId, messages, openAnswers, textBytes) VALUES (NEW.userId, 1, NEW.status = 'streaming', octet_length(NEW.parts)) ON CONFLICT (userId) DO UPDATE SET messages = messages + 1, openAnswers = openAnswers + excluded.openAnswers, textBytes = textBytes + excluded.textBytes; END;

-- A file counts while it is ready.
CREATE TRIGGER uploadAddsUse AFTER INSERT ON uploads WHEN NEW.state = 'ready' BEGIN INSERT INTO contentUse (userId, fileBytes) VALUES (NEW.userId, NEW.bytes + coalesce(NEW.thumbnailBytes, 0)) ON CONFLICT (userId) DO UPDATE SET fileBytes = fileBytes + excluded.fileBytes; END;
CREATE TRIGGER uploadFreesUse AFTER DELETE ON uploads WHEN OLD.state = 'ready' BEGIN UPDATE contentUse SET fileBytes = fileBytes - OLD.bytes - coalesce(OLD.thumbnailBytes, 0) WHERE userId = OLD.userId; END;
CREATE TRIGGER uploadChangesUse AFTER UPDATE OF userId, state, bytes, thumbnailBytes ON uploads WHEN OLD.state = 'ready' OR NEW.state = 'ready' BEGIN UPDATE contentUse SET fileBytes = fileBytes - (OLD.state = 'ready') * (OLD.bytes + coalesce(OLD.thumbnailBytes, 0)) WHERE userId = OLD.userId; INSERT INTO contentUse (userId, fileBytes) VALUES (NEW.userId, (NEW.state = 'ready') * (NEW.bytes + coalesce(NEW.thumbnailBytes, 0))) ON CONFLICT (userId) DO UPDATE SET fileBytes = fileBytes + excluded.fileBytes; END;

CREATE TRIGGER streamAddsUse AFTER INSERT ON openStreams BEGIN INSERT INTO contentUse (userId, streamBytes) VALUES (NEW.userId, NEW.bytes) ON CONFLICT (userId) DO UPDATE SET streamBytes = streamBytes + excluded.streamBytes; END;
CREATE TRIGGER streamFreesUse AFTER DELETE ON openStreams BEGIN UPDATE contentUse SET streamBytes = streamBytes - OLD.bytes WHERE userId = OLD.userId; END;
CREATE TRIGGER streamChangesUse AFTER UPDATE OF userId, bytes ON openStreams BEGIN UPDATE contentUse SET streamBytes = streamBytes - OLD.bytes WHERE userId = OLD.userId; INSERT INTO contentUse (userId, streamBytes) VALUES (NEW.userId, NEW.bytes) ON CONFLICT (userId) DO UPDATE SET streamBytes = streamBytes + excluded.streamBytes; END;

-- What is there already. The same statement counts everything anew, if that should ever be needed.
INSERT INTO contentUse (userId, chats, messages, openAnswers, textBytes, fileBytes, streamBytes) SELECT userId, sum(chats), sum(messages), sum(openAnswers), sum(textBytes), sum(fileBytes), sum(streamBytes) FROM (SELECT userId, 1 AS chats, 0 AS messages, 0 AS openAnswers, octet_length(title) AS textBytes, 0 AS fileBytes, 0 AS streamBytes FROM chats UNION ALL SELECT userId, 0, 1, status = 'streaming', octet_length(parts), 0, 0 FROM messages UNION ALL SELECT userId, 0, 0, 0, 0, bytes + coalesce(thumbnailBytes, 0), 0 FROM uploads WHERE state = 'ready' UNION ALL SELECT userId, 0, 0, 0, 0, 0, bytes FROM openStreams) WHERE true GROUP BY userId ON CONFLICT (userId) DO UPDATE SET chats = excluded.chats, messages = excluded.messages, openAnswers = excluded.openAnswers, textBytes = excluded.textBytes, fileBytes = excluded.fileBytes, streamBytes = excluded.streamBytes;
