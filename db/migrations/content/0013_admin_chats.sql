-- Administrators list the chats of all users, and find one by its id.
CREATE INDEX chatsByTime ON chats (updatedAt DESC, id DESC);
CREATE INDEX chatsById ON chats (id, updatedAt DESC);
