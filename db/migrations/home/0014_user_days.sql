-- How many accounts and guests there are at the end of each UTC day, and how many came on it, for the
-- overview of administration. Triggers keep the rows. A day on which nothing changed has no row: the
-- row before it applies.
CREATE TABLE userDays (
  -- YYYY-MM-DD
  day TEXT PRIMARY KEY,
  accounts INTEGER NOT NULL,
  guests INTEGER NOT NULL,
  newAccounts INTEGER NOT NULL DEFAULT 0,
  newGuests INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The first row, which the triggers go on from.
INSERT INTO userDays (day, accounts, guests) SELECT date('now'), count(*) - coalesce(sum(isGuest), 0), coalesce(sum(isGuest), 0) FROM users;

-- The last day goes on when the clock is set back.
CREATE TRIGGER userComesOnDay AFTER INSERT ON users BEGIN INSERT INTO userDays (day, accounts, guests, newAccounts, newGuests) SELECT max(day, date('now')), accounts + 1 - NEW.isGuest, guests + NEW.isGuest, (day >= date('now')) * newAccounts + 1 - NEW.isGuest, (day >= date('now')) * newGuests + NEW.isGuest FROM (SELECT * FROM userDays ORDER BY day DESC LIMIT 1) WHERE true ON CONFLICT (day) DO UPDATE SET accounts = excluded.accounts, guests = excluded.guests, newAccounts = excluded.newAccounts, newGuests = excluded.newGuests; END;
CREATE TRIGGER userGoesFromDay AFTER DELETE ON users BEGIN INSERT INTO userDays (day, accounts, guests, newAccounts, newGuests) SELECT max(day, date('now')), accounts - 1 + OLD.isGuest, guests - OLD.isGuest, (day >= date('now')) * newAccounts, (day >= date('now')) * newGuests FROM (SELECT * FROM userDays ORDER BY day DESC LIMIT 1) WHERE true ON CONFLICT (day) DO UPDATE SET accounts = excluded.accounts, guests = excluded.guests; END;
CREATE TRIGGER guestChangesOnDay AFTER UPDATE OF isGuest ON users WHEN NEW.isGuest <> OLD.isGuest BEGIN INSERT INTO userDays (day, accounts, guests, newAccounts, newGuests) SELECT max(day, date('now')), accounts + OLD.isGuest - NEW.isGuest, guests + NEW.isGuest - OLD.isGuest, (day >= date('now')) * newAccounts + OLD.isGuest, (day >= date('now')) * newGuests FROM (SELECT * FROM userDays ORDER BY day DESC LIMIT 1) WHERE true ON CONFLICT (day) DO UPDATE SET accounts = excluded.accounts, guests = excluded.guests, newAccounts = excluded.newAccounts; END;
