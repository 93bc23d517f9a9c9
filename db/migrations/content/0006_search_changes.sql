-- Changes that the search index of their owner has not taken over yet. A row is inserted in the batch
-- that changes a title, a message, or a chat with all its messages (an import, a fork, a move to an
-- account, a deletion). The object that keeps the index deletes it.
-- A row with the scope all asks for the index to be built anew, and has the scope building until it is.
CREATE TABLE searchChanges (
  -- AUTOINCREMENT: the number of a deleted row must not return, or a late deletion could hit the next.
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  userId TEXT NOT NULL,
  chatId TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('all', 'building', 'chat', 'title', 'message')),
  -- The message, for the scope message.
  messageId TEXT
) STRICT;

CREATE INDEX searchChangesByOwner ON searchChanges (userId, id);
