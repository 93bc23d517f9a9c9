-- Changes that the model proposes for a document. Each belongs to the version that the model has
-- read, which is never replaced by a later save.
CREATE TABLE suggestions (
  userId TEXT NOT NULL,
  documentId TEXT NOT NULL,
  -- Made from the turn, the call and the place in its list: a call that is tried again adds none.
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- The message that made it.
  messageId TEXT,
  -- The text that would be replaced, and where it starts, in UTF-16 code units.
  original TEXT NOT NULL,
  start INTEGER NOT NULL,
  proposed TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected')),
  createdAt INTEGER NOT NULL,
  PRIMARY KEY (userId, documentId, id),
  FOREIGN KEY (userId, documentId) REFERENCES documents (userId, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX openSuggestions ON suggestions (userId, documentId, createdAt, id) WHERE state = 'open';
CREATE INDEX suggestionsByVersion ON suggestions (userId, documentId, version);

-- What suggestions add to the storage of their owner: their texts, and 300 bytes for each row.
CREATE TRIGGER suggestionAddsUse AFTER INSERT ON suggestions BEGIN INSERT INTO contentUse (userId, textBytes) VALUES (NEW.userId, octet_length(NEW.original) + octet_length(NEW.proposed) + octet_length(NEW.reason) + 300) ON CONFLICT (userId) DO UPDATE SET textBytes = textBytes + excluded.textBytes; END;
CREATE TRIGGER suggestionFreesUse AFTER DELETE ON suggestions BEGIN UPDATE contentUse SET textBytes = textBytes - octet_length(OLD.original) - octet_length(OLD.proposed) - octet_length(OLD.reason) - 300 WHERE userId = OLD.userId; END;
CREATE TRIGGER suggestionMovesUse AFTER UPDATE OF userId ON suggestions WHEN OLD.userId <> NEW.userId BEGIN UPDATE contentUse SET textBytes = textBytes - octet_length(OLD.original) - octet_length(OLD.proposed) - octet_length(OLD.reason) - 300 WHERE userId = OLD.userId; INSERT INTO contentUse (userId, textBytes) VALUES (NEW.userId, octet_length(NEW.original) + octet_length(NEW.proposed) + octet_length(NEW.reason) + 300) ON CONFLICT (userId) DO UPDATE SET textBytes = textBytes + excluded.textBytes; END;
