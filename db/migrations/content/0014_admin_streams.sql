-- Administrators list the answers in progress, and those that ended badly, of all users.
CREATE INDEX messagesEndedBadly ON messages (finishedAt DESC, id DESC) WHERE status IN ('interrupted', 'failed');
