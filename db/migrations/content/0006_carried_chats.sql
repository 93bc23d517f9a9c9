-- The Durable Object of a chat that came from a guest, who logged in to an account: its name is the
-- guest's and stays, because an answer may be under way in it. NULL: the object is named after the
-- chat's own key.
ALTER TABLE chats ADD COLUMN objectName TEXT;

-- Where an answer's object finds the chat that it belongs to now.
CREATE UNIQUE INDEX chatsByObject ON chats (objectName) WHERE objectName IS NOT NULL;
