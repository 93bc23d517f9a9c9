-- The account that the chats of a guest were moved to at login. The row of the guest stays for a
-- while: an answer that was in progress finds its new owner by it.
ALTER TABLE users ADD COLUMN carriedToUserId TEXT REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE users ADD COLUMN carriedAt INTEGER;

CREATE INDEX usersCarried ON users (carriedToUserId) WHERE carriedToUserId IS NOT NULL;

-- For the cron.
CREATE INDEX guests ON users (createdAt, id) WHERE isGuest = 1;
