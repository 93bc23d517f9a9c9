-- The last run of each job of the cron.
CREATE TABLE jobRuns (
  name TEXT NOT NULL PRIMARY KEY,
  startedAt INTEGER NOT NULL,
  endedAt INTEGER NOT NULL,
  -- unfinished: the next run goes on.
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'unfinished', 'failed')),
  steps INTEGER NOT NULL,
  -- Why the run failed, shortened.
  error TEXT,
  -- The end of the last run that was done.
  doneAt INTEGER
) STRICT, WITHOUT ROWID;
