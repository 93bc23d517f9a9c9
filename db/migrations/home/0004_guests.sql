-- The account that a guest's chats went to when the guest logged in. The guest's row stays for a
-- while after that: an answer that was under way finds its new owner by it.
ALTER TABLE users ADD COLUMN carriedToUserId TEXT REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE users ADD COLUMN carriedAt INTEGER;

CREATE INDEX usersCarried ON users (carriedToUserId) WHERE carriedToUserId IS NOT NULL;

-- What the sweep looks through.
CREATE INDEX guests ON users (createdAt, id) WHERE isGuest = 1;
