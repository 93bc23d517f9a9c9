-- Which chat of which import this is: an import whose answer was lost is sent again, and must not
-- bring its chats a second time.
ALTER TABLE chats ADD COLUMN importKey TEXT;

CREATE UNIQUE INDEX chatsByImport ON chats (userId, importKey) WHERE importKey IS NOT NULL;
