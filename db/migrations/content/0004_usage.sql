-- The use of each model by each user, day by day. The statement that ends an answer adds to it.
CREATE TABLE usageDays (
  userId TEXT NOT NULL,
  -- YYYY-MM-DD, UTC.
  day TEXT NOT NULL,
  modelId TEXT NOT NULL,
  -- Answers that ended, in whatever way.
  answers INTEGER NOT NULL,
  inputTokens INTEGER NOT NULL,
  outputTokens INTEGER NOT NULL,
  PRIMARY KEY (userId, day, modelId)
) STRICT, WITHOUT ROWID;
