-- The same content of the same person is one upload, so it can wait in two drafts at once. Taken out
-- of one of them it must stay for the other: from when it was given again, only being sent and the
-- week that drafts are kept decide.
ALTER TABLE uploads ADD COLUMN reusedAt INTEGER;
-- A thumbnail has a type of its own.
ALTER TABLE uploads ADD COLUMN thumbnailType TEXT;
UPDATE uploads SET thumbnailType = 'image/webp' WHERE thumbnailBytes IS NOT NULL;

DROP TRIGGER messageUsesFiles;
CREATE TRIGGER messageUsesFiles AFTER INSERT ON messages WHEN instr(NEW.parts, '/files/') > 0
BEGIN
  INSERT OR IGNORE INTO messageFiles (userId, messageId, uploadId, chatId)
  SELECT NEW.userId, NEW.id, uploads.id, NEW.chatId
  FROM json_each(NEW.parts) AS part
  CROSS JOIN uploads ON uploads.userId = NEW.userId
    AND uploads.id = substr(part.value ->> 'url', 8)
  WHERE part.type = 'object' AND part.value ->> 'type' = 'file'
    AND substr(part.value ->> 'url', 1, 7) = '/files/' AND uploads.state = 'ready';
  -- The draft that it was given for again may be another one, and still waits.
  UPDATE uploads SET draftedAt = NULL
  WHERE userId = NEW.userId AND draftedAt IS NOT NULL AND reusedAt IS NULL
    AND id IN (
      SELECT uploadId FROM messageFiles WHERE userId = NEW.userId AND messageId = NEW.id
    );
END;
