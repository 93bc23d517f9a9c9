-- The settings that administrators have changed, as one JSON object. What it leaves out has the default of
-- the settings of the worker. Without a row nothing was changed.
CREATE TABLE siteSettings (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  -- Counts the changes, so that a change that was made on an older state is refused.
  version INTEGER NOT NULL CHECK (version >= 1),
  -- Of the last change. The other statements of its batch take effect only with it.
  changeId TEXT NOT NULL,
  value TEXT NOT NULL CHECK (json_valid(value)),
  updatedAt INTEGER NOT NULL
) STRICT;
