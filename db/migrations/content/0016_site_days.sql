-- The numbers of the overview of administration, one row for each UTC day. Triggers keep them in the
-- statement that changes what they count, so the overview scans nothing.

-- What the users of this database store at the end of each day, and what came on that day. A day on
-- which nothing changed has no row: the row before it applies.
CREATE TABLE contentDays (
  -- YYYY-MM-DD
  day TEXT PRIMARY KEY,
  chats INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  openAnswers INTEGER NOT NULL,
  textBytes INTEGER NOT NULL,
  fileBytes INTEGER NOT NULL,
  streamBytes INTEGER NOT NULL,
  newChats INTEGER NOT NULL DEFAULT 0,
  newMessages INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The first row, which the triggers go on from.
INSERT INTO contentDays (day, chats, messages, openAnswers, textBytes, fileBytes, streamBytes) SELECT date('now'), coalesce(sum(chats), 0), coalesce(sum(messages), 0), coalesce(sum(openAnswers), 0), coalesce(sum(textBytes), 0), coalesce(sum(fileBytes), 0), coalesce(sum(streamBytes), 0) FROM contentUse;

-- The sums follow the counters of the users. The last day goes on when the clock is set back.
CREATE TRIGGER useComesToDay AFTER INSERT ON contentUse BEGIN INSERT INTO contentDays (day, chats, messages, openAnswers, textBytes, fileBytes, streamBytes, newChats, newMessages) SELECT max(day, date('now')), chats + NEW.chats, messages + NEW.messages, openAnswers + NEW.openAnswers, textBytes + NEW.textBytes, fileBytes + NEW.fileBytes, streamBytes + NEW.streamBytes, (day >= date('now')) * newChats + NEW.chats, (day >= date('now')) * newMessages + NEW.messages FROM (SELECT * FROM contentDays ORDER BY day DESC LIMIT 1) WHERE true ON CONFLICT (day) DO UPDATE SET chats = excluded.chats, messages = excluded.messages, openAnswers = excluded.openAnswers, textBytes = excluded.textBytes, fileBytes = excluded.fileBytes, streamBytes = excluded.streamBytes, newChats = excluded.newChats, newMessages = excluded.newMessages; END;
CREATE TRIGGER useChangesOnDay AFTER UPDATE ON contentUse WHEN NEW.chats <> OLD.chats OR NEW.messages <> OLD.messages OR NEW.openAnswers <> OLD.openAnswers OR NEW.textBytes <> OLD.textBytes OR NEW.fileBytes <> OLD.fileBytes OR NEW.streamBytes <> OLD.streamBytes BEGIN INSERT INTO contentDays (day, chats, messages, openAnswers, textBytes, fileBytes, streamBytes, newChats, newMessages) SELECT max(day, date('now')), chats + NEW.chats - OLD.chats, messages + NEW.messages - OLD.messages, openAnswers + NEW.openAnswers - OLD.openAnswers, textBytes + NEW.textBytes - OLD.textBytes, fileBytes + NEW.fileBytes - OLD.fileBytes, streamBytes + NEW.streamBytes - OLD.streamBytes, (day >= date('now')) * newChats + max(NEW.chats - OLD.chats, 0), (day >= date('now')) * newMessages + max(NEW.messages - OLD.messages, 0) FROM (SELECT * FROM contentDays ORDER BY day DESC LIMIT 1) WHERE true ON CONFLICT (day) DO UPDATE SET chats = excluded.chats, messages = excluded.messages, openAnswers = excluded.openAnswers, textBytes = excluded.textBytes, fileBytes = excluded.fileBytes, streamBytes = excluded.streamBytes, newChats = excluded.newChats, newMessages = excluded.newMessages; END;
CREATE TRIGGER useGoesFromDay AFTER DELETE ON contentUse WHEN OLD.chats <> 0 OR OLD.messages <> 0 OR OLD.openAnswers <> 0 OR OLD.textBytes <> 0 OR OLD.fileBytes <> 0 OR OLD.streamBytes <> 0 BEGIN INSERT INTO contentDays (day, chats, messages, openAnswers, textBytes, fileBytes, streamBytes, newChats, newMessages) SELECT max(day, date('now')), chats - OLD.chats, messages - OLD.messages, openAnswers - OLD.openAnswers, textBytes - OLD.textBytes, fileBytes - OLD.fileBytes, streamBytes - OLD.streamBytes, (day >= date('now')) * newChats, (day >= date('now')) * newMessages FROM (SELECT * FROM contentDays ORDER BY day DESC LIMIT 1) WHERE true ON CONFLICT (day) DO UPDATE SET chats = excluded.chats, messages = excluded.messages, openAnswers = excluded.openAnswers, textBytes = excluded.textBytes, fileBytes = excluded.fileBytes, streamBytes = excluded.streamBytes; END;

-- What moves from a guest to an account leaves one counter and comes to another, and is not new.
CREATE TRIGGER movedChatIsNotNew AFTER UPDATE OF userId ON chats WHEN OLD.userId <> NEW.userId BEGIN UPDATE contentDays SET newChats = newChats - 1 WHERE day = (SELECT max(day) FROM contentDays); END;
CREATE TRIGGER movedMessageIsNotNew AFTER UPDATE OF userId ON messages WHEN OLD.userId <> NEW.userId BEGIN UPDATE contentDays SET newMessages = newMessages - 1 WHERE day = (SELECT max(day) FROM contentDays); END;

-- The answers that ended on each day, by model, and what they used. They stay when a user is deleted.
CREATE TABLE answerDays (
  -- YYYY-MM-DD
  day TEXT NOT NULL,
  modelId TEXT NOT NULL,
  -- However they ended.
  answers INTEGER NOT NULL,
  stopped INTEGER NOT NULL DEFAULT 0,
  interrupted INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  inputTokens INTEGER NOT NULL,
  outputTokens INTEGER NOT NULL,
  PRIMARY KEY (day, modelId)
) STRICT, WITHOUT ROWID;

-- How the answers before this migration ended is not counted.
INSERT INTO answerDays (day, modelId, answers, inputTokens, outputTokens) SELECT day, modelId, sum(answers), sum(inputTokens), sum(outputTokens) FROM usageDays GROUP BY day, modelId;

-- A continued answer ends again, with the sum of its tokens.
CREATE TRIGGER answerEndsOnDay AFTER UPDATE OF status ON messages WHEN OLD.status = 'streaming' AND NEW.status <> 'streaming' BEGIN INSERT INTO answerDays (day, modelId, answers, stopped, interrupted, failed, inputTokens, outputTokens) VALUES (date(coalesce(NEW.finishedAt / 1000, unixepoch()), 'unixepoch'), coalesce(NEW.modelId, ''), 1, NEW.status = 'stopped', NEW.status = 'interrupted', NEW.status = 'failed', coalesce(NEW.inputTokens, 0) - coalesce(OLD.inputTokens, 0), coalesce(NEW.outputTokens, 0) - coalesce(OLD.outputTokens, 0)) ON CONFLICT (day, modelId) DO UPDATE SET answers = answers + 1, stopped = stopped + excluded.stopped, interrupted = interrupted + excluded.interrupted, failed = failed + excluded.failed, inputTokens = inputTokens + excluded.inputTokens, outputTokens = outputTokens + excluded.outputTokens; END;
