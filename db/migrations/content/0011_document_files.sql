-- The uploads that versions of documents show: the pictures of the kind image. Kept by a trigger.
CREATE TABLE documentFiles (
  userId TEXT NOT NULL,
  documentId TEXT NOT NULL,
  version INTEGER NOT NULL,
  uploadId TEXT NOT NULL,
  PRIMARY KEY (userId, documentId, version, uploadId),
  FOREIGN KEY (userId, documentId, version) REFERENCES documentVersions (userId, documentId, version) ON DELETE CASCADE,
  FOREIGN KEY (userId, uploadId) REFERENCES uploads (userId, id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;

CREATE INDEX documentFilesByUpload ON documentFiles (userId, uploadId);

-- Drawn, restored, copied or imported: the picture that a version names is in use from now on.
CREATE TRIGGER versionUsesFile AFTER INSERT ON documentVersions WHEN instr(NEW.content, '/files/') > 0 AND json_valid(NEW.content) BEGIN INSERT OR IGNORE INTO documentFiles (userId, documentId, version, uploadId) SELECT NEW.userId, NEW.documentId, NEW.version, uploads.id FROM documents CROSS JOIN uploads ON uploads.userId = NEW.userId AND uploads.id = substr(NEW.content ->> '$.url', 8) WHERE documents.userId = NEW.userId AND documents.id = NEW.documentId AND documents.kind = 'image' AND uploads.state = 'ready'; UPDATE uploads SET draftedAt = NULL WHERE userId = NEW.userId AND draftedAt IS NOT NULL AND reusedAt IS NULL AND id IN (SELECT uploadId FROM documentFiles WHERE userId = NEW.userId AND documentId = NEW.documentId AND version = NEW.version); END;

-- A file that no message, no document and no draft uses any more is deleted.
CREATE TRIGGER pictureNotUsedAnyMore AFTER DELETE ON documentFiles BEGIN UPDATE uploads SET state = 'deleting' WHERE userId = OLD.userId AND id = OLD.uploadId AND state = 'ready' AND draftedAt IS NULL AND NOT EXISTS (SELECT 1 FROM documentFiles WHERE userId = OLD.userId AND uploadId = OLD.uploadId) AND NOT EXISTS (SELECT 1 FROM messageFiles WHERE userId = OLD.userId AND uploadId = OLD.uploadId); END;
DROP TRIGGER fileNotUsedAnyMore;
CREATE TRIGGER fileNotUsedAnyMore AFTER DELETE ON messageFiles BEGIN UPDATE uploads SET state = 'deleting' WHERE userId = OLD.userId AND id = OLD.uploadId AND state = 'ready' AND draftedAt IS NULL AND NOT EXISTS (SELECT 1 FROM messageFiles WHERE userId = OLD.userId AND uploadId = OLD.uploadId) AND NOT EXISTS (SELECT 1 FROM documentFiles WHERE userId = OLD.userId AND uploadId = OLD.uploadId); END;
DROP TRIGGER chatTakesDraftedFiles;
CREATE TRIGGER chatTakesDraftedFiles AFTER DELETE ON chats BEGIN UPDATE uploads SET state = 'deleting' WHERE userId = OLD.userId AND chatId = OLD.id AND state = 'ready' AND NOT EXISTS (SELECT 1 FROM messageFiles WHERE userId = OLD.userId AND uploadId = uploads.id) AND NOT EXISTS (SELECT 1 FROM documentFiles WHERE userId = OLD.userId AND uploadId = uploads.id); END;
