-- The document that has changed. Such a row has the scope message, and no messageId: a CHECK can only
-- be changed by making the table anew, and the numbers of deleted rows must not return.
ALTER TABLE searchChanges ADD COLUMN documentId TEXT;

-- Each way in which documents come, change, move and go tells the search index of their owner.
CREATE TRIGGER documentIsFound AFTER INSERT ON documents BEGIN INSERT INTO searchChanges (userId, chatId, scope, documentId) VALUES (NEW.userId, '', 'message', NEW.id); END;
CREATE TRIGGER changedDocumentIsFound AFTER UPDATE OF userId, title, version ON documents BEGIN INSERT INTO searchChanges (userId, chatId, scope, documentId) VALUES (NEW.userId, '', 'message', NEW.id); END;
CREATE TRIGGER deletedDocumentIsNotFound AFTER DELETE ON documents BEGIN INSERT INTO searchChanges (userId, chatId, scope, documentId) VALUES (OLD.userId, '', 'message', OLD.id); END;
-- The documents of a chat that comes in several batches are found once the whole chat is there.
CREATE TRIGGER arrivedDocumentsAreFound AFTER UPDATE OF arrivingSince ON chats WHEN OLD.arrivingSince IS NOT NULL AND NEW.arrivingSince IS NULL BEGIN INSERT INTO searchChanges (userId, chatId, scope, documentId) SELECT NEW.userId, '', 'message', id FROM documents WHERE userId = NEW.userId AND chatId = NEW.id; END;
