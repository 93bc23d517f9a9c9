-- Chats whose rows are deleted and whose objects still have to delete what they hold. A row goes when the object has.
CREATE TABLE goneChats (
  userId TEXT NOT NULL,
  objectName TEXT NOT NULL,
  dueAt INTEGER NOT NULL,
  PRIMARY KEY (userId, objectName)
) STRICT, WITHOUT ROWID;
-- Those of one owner, and of all owners for the cron, in the order of their turn.
CREATE INDEX goneChatsOfOwner ON goneChats (userId, dueAt);
CREATE INDEX goneChatsDue ON goneChats (dueAt);
