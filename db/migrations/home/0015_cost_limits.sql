-- New names of limits, for what answers cost in a day and in a month. SQLite can only add them to the CHECK
-- with a new table.
CREATE TABLE ownerLimitsWithCost (
  userId TEXT REFERENCES users (id) ON DELETE CASCADE,
  -- guest: everyone without an account.
  role TEXT CHECK (role IN ('guest', 'user', 'admin')),
  name TEXT NOT NULL CHECK (
    name IN (
      'messagesPerDay', 'tokensPerDay', 'costPerDayNanos', 'costPerMonthNanos', 'storageMaxBytes',
      'storageMaxMessages', 'pictureMaxBytes', 'fileMaxBytes'
    )
  ),
  -- NULL: no limit. Nanos are billionths of a US dollar.
  value INTEGER CHECK (value >= 1),
  CHECK ((userId IS NULL) <> (role IS NULL)),
  -- What the worker can take: 12 MiB of a picture, 90 MiB of any other file.
  CHECK (name <> 'pictureMaxBytes' OR (value IS NOT NULL AND value <= 12582912)),
  CHECK (name <> 'fileMaxBytes' OR (value IS NOT NULL AND value <= 94371840))
) STRICT;

INSERT INTO ownerLimitsWithCost (userId, role, name, value) SELECT userId, role, name, value FROM ownerLimits;
DROP TABLE ownerLimits;
ALTER TABLE ownerLimitsWithCost RENAME TO ownerLimits;
CREATE UNIQUE INDEX ownerLimitsByUser ON ownerLimits (userId, name) WHERE userId IS NOT NULL;
CREATE UNIQUE INDEX ownerLimitsByRole ON ownerLimits (role, name) WHERE role IS NOT NULL;
