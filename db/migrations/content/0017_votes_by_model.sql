-- Administrators list the votes of all users, of one model or on one side, and see them by day.

-- The model that wrote the answer. A trigger copies it from the answer, because an answer that is
-- deleted is gone before its vote is. Empty for an unknown model. The name is no one that messages have:
-- queries of older workers join both tables.
ALTER TABLE votes ADD COLUMN answerModelId TEXT NOT NULL DEFAULT '';
UPDATE votes SET answerModelId = coalesce((SELECT messages.modelId FROM messages WHERE messages.userId = votes.userId AND messages.id = votes.messageId), '');

CREATE INDEX votesByTime ON votes (updatedAt DESC, messageId DESC);
CREATE INDEX votesBySide ON votes (isUpvoted, updatedAt DESC, messageId DESC);
CREATE INDEX votesByModel ON votes (answerModelId, updatedAt DESC, messageId DESC);
CREATE INDEX votesByModelAndSide ON votes (answerModelId, isUpvoted, updatedAt DESC, messageId DESC);

-- The votes that stand, by the UTC day on which they were last changed, and by model. A vote that is
-- taken back, or goes with its answer, is not counted any more.
CREATE TABLE voteDays (
  -- YYYY-MM-DD
  day TEXT NOT NULL,
  modelId TEXT NOT NULL,
  up INTEGER NOT NULL,
  down INTEGER NOT NULL,
  PRIMARY KEY (day, modelId)
) STRICT, WITHOUT ROWID;

INSERT INTO voteDays (day, modelId, up, down) SELECT date(updatedAt / 1000, 'unixepoch'), answerModelId, sum(isUpvoted), sum(1 - isUpvoted) FROM votes GROUP BY 1, 2;

CREATE TRIGGER voteComes AFTER INSERT ON votes BEGIN UPDATE votes SET answerModelId = coalesce((SELECT messages.modelId FROM messages WHERE messages.userId = NEW.userId AND messages.id = NEW.messageId), '') WHERE userId = NEW.userId AND messageId = NEW.messageId; INSERT INTO voteDays (day, modelId, up, down) SELECT date(updatedAt / 1000, 'unixepoch'), answerModelId, isUpvoted, 1 - isUpvoted FROM votes WHERE userId = NEW.userId AND messageId = NEW.messageId ON CONFLICT (day, modelId) DO UPDATE SET up = up + excluded.up, down = down + excluded.down; END;
CREATE TRIGGER voteChanges AFTER UPDATE OF isUpvoted, updatedAt ON votes BEGIN UPDATE voteDays SET up = up - OLD.isUpvoted, down = down - (1 - OLD.isUpvoted) WHERE day = date(OLD.updatedAt / 1000, 'unixepoch') AND modelId = OLD.answerModelId; INSERT INTO voteDays (day, modelId, up, down) VALUES (date(NEW.updatedAt / 1000, 'unixepoch'), NEW.answerModelId, NEW.isUpvoted, 1 - NEW.isUpvoted) ON CONFLICT (day, modelId) DO UPDATE SET up = up + excluded.up, down = down + excluded.down; END;
CREATE TRIGGER voteGoes AFTER DELETE ON votes BEGIN UPDATE voteDays SET up = up - OLD.isUpvoted, down = down - (1 - OLD.isUpvoted) WHERE day = date(OLD.updatedAt / 1000, 'unixepoch') AND modelId = OLD.answerModelId; END;
