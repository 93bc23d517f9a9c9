-- The lists of users that administrators see: accounts, guests (which have an index already),
-- administrators and disabled users, by time and by email address.
CREATE INDEX accountsByTime ON users (createdAt DESC, id DESC) WHERE isGuest = 0;
CREATE INDEX adminsByTime ON users (createdAt DESC, id DESC) WHERE role = 'admin';
CREATE INDEX adminsByEmail ON users (email) WHERE role = 'admin';
CREATE INDEX disabledByTime ON users (createdAt DESC, id DESC) WHERE disabledAt IS NOT NULL;
CREATE INDEX disabledByEmail ON users (email) WHERE disabledAt IS NOT NULL;
-- Users are found by the beginning of their address or name, and by the domain of the address.
CREATE INDEX usersByDomain ON users (substr(email, instr(email, '@')), email) WHERE email IS NOT NULL;
CREATE INDEX usersByName ON users (lower(name), id) WHERE name IS NOT NULL;

-- Why the administrator did it, and the request with which it was done. Older events have neither.
ALTER TABLE auditEvents ADD COLUMN reason TEXT;
ALTER TABLE auditEvents ADD COLUMN requestId TEXT;
-- JSON: facts for people to read, like what was removed with a user.
ALTER TABLE auditEvents ADD COLUMN details TEXT CHECK (details IS NULL OR json_valid(details));

CREATE INDEX auditEventsByActor ON auditEvents (actorId, createdAt DESC, id DESC);
CREATE INDEX auditEventsByOwner ON auditEvents (ownerId, createdAt DESC, id DESC);
CREATE INDEX auditEventsByAction ON auditEvents (action, createdAt DESC, id DESC);

-- What is recorded stays as it is. INSERT OR REPLACE deletes without the trigger for that.
CREATE TRIGGER auditEventIsNew BEFORE INSERT ON auditEvents WHEN EXISTS (SELECT 1 FROM auditEvents WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'auditEvents is append-only'); END;
CREATE TRIGGER auditEventStaysAsItIs BEFORE UPDATE ON auditEvents BEGIN SELECT RAISE(ABORT, 'auditEvents is append-only'); END;
CREATE TRIGGER auditEventStays BEFORE DELETE ON auditEvents BEGIN SELECT RAISE(ABORT, 'auditEvents is append-only'); END;
