-- What a person has used of each model, day by day. Added to in the statement that ends an answer.
CREATE TABLE usageDays (
  userId TEXT NOT NULL,
  -- YYYY-MM-DD, UTC.
  day TEXT NOT NULL,
  modelId TEXT NOT NULL,
  -- Answers that ended, whatever their end.
  answers INTEGER NOT NULL,
  inputTokens INTEGER NOT NULL,
  outputTokens INTEGER NOT NULL,
  PRIMARY KEY (userId, day, modelId)
) STRICT, WITHOUT ROWID;
