-- Lists of pinned and of other chats, each served in its order.
CREATE INDEX chatsPinned ON chats (userId, pinnedAt DESC, id DESC) WHERE pinnedAt IS NOT NULL;
CREATE INDEX chatsUnpinned ON chats (userId, updatedAt DESC, id DESC) WHERE pinnedAt IS NULL;

-- Full-text search over titles and messages. In the index each word begins with its owner's number
-- (see searchWords), so a search touches the entries of one person and costs what that person has.

-- A short name for a user, for use in the index.
CREATE TABLE searchOwners (
  number INTEGER NOT NULL PRIMARY KEY,
  userId TEXT NOT NULL UNIQUE
) STRICT;

-- What an entry of the index is about: a message, or with NULL a chat's title. The texts themselves
-- stay where they are.
CREATE TABLE searchRows (
  rowId INTEGER NOT NULL PRIMARY KEY,
  userId TEXT NOT NULL,
  chatId TEXT NOT NULL,
  messageId TEXT
) STRICT;

CREATE UNIQUE INDEX searchRowsByMessage ON searchRows (userId, messageId) WHERE messageId IS NOT NULL;
CREATE UNIQUE INDEX searchRowsByTitle ON searchRows (userId, chatId) WHERE messageId IS NULL;

CREATE VIRTUAL TABLE searchIndex USING fts5(
  words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

-- Turns the text of each entry into what the index is given. Three steps:
-- 1. Every common separator becomes a space.
-- 2. Where anything from U+2000 upwards is left, character by character: Chinese, Japanese and
--    Korean ones become words of their own, since these are searched by any part, and symbols
--    become spaces.
-- 3. Each word gets its kind (t for a title, b for a message) and its owner's number before it:
--    "sea" in a message of owner 7 is b7xsea.
-- The worker does the same to a query, in features/search/match-expression.ts.
CREATE VIEW searchWords AS
SELECT
  source.rowId,
  (
    WITH RECURSIVE
      ascii (text) AS MATERIALIZED (
        SELECT replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
          replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
          replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
          source.text
          , '!', ' '), '"', ' '), '#', ' '), '$', ' '), '%', ' '), '&', ' '), '''', ' ')
          , '(', ' '), ')', ' '), '*', ' '), '+', ' '), ',', ' '), '-', ' '), '.', ' '), '/', ' ')
          , ':', ' '), ';', ' '), '<', ' '), '=', ' '), '>', ' '), '?', ' '), '@', ' '), '[', ' ')
          , '\', ' '), ']', ' '), '^', ' '), '_', ' '), '`', ' '), '{', ' '), '|', ' '), '}', ' ')
          , '~', ' ')
      ),
      plain (text) AS MATERIALIZED (
        SELECT replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
          replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
          text
          , char(9), ' '), char(10), ' '), char(13), ' '), char(160), ' '), '¡', ' '), '¿', ' ')
          , '«', ' '), '»', ' '), '°', ' '), '·', ' '), '×', ' '), '÷', ' '), '–', ' '), '—', ' ')
          , '‘', ' '), '’', ' '), '“', ' '), '”', ' '), '…', ' '), '•', ' '), '→', ' ')
        FROM ascii
      ),
      -- In blocks of blocks, because finding the n-th character of a text means counting up to it.
      large (part, rest) AS MATERIALIZED (
        SELECT substr(text, 1, 8192), substr(text, 8193) FROM plain
        WHERE text GLOB '*[^' || char(1) || '-' || char(159) || 'À-' || char(8191) || ']*'
        UNION ALL
        SELECT substr(rest, 1, 8192), substr(rest, 8193) FROM large WHERE rest <> ''
      ),
      small (part, rest) AS MATERIALIZED (
        SELECT substr(part, 1, 128), substr(part, 129) FROM large
        UNION ALL
        SELECT substr(rest, 1, 128), substr(rest, 129) FROM small WHERE rest <> ''
      ),
      piece (part) AS MATERIALIZED (SELECT part FROM small),
      place (i) AS MATERIALIZED (SELECT 1 UNION ALL SELECT i + 1 FROM place WHERE i < 128),
      letter (c, code) AS (
        SELECT substr(part, i, 1), unicode(substr(part, i, 1))
        FROM piece CROSS JOIN place
        WHERE i <= length(part)
      ),
      spaced (text) AS MATERIALIZED (
        SELECT group_concat(
          CASE
            WHEN code < 8192 THEN iif(
              -- Latin signs; ª, µ, º, raised numbers and fractions are letters and numbers.
              code BETWEEN 161 AND 191
                AND code NOT IN (170, 178, 179, 181, 185, 186, 188, 189, 190),
              ' ', c
            )
            -- Kana, ideographs, Hangul.
            WHEN code BETWEEN 12353 AND 12447 OR code BETWEEN 12449 AND 12538
              OR code BETWEEN 12540 AND 12687 OR code BETWEEN 12704 AND 12735
              OR code BETWEEN 12784 AND 12799 OR code BETWEEN 13312 AND 19903
              OR code BETWEEN 19968 AND 40959 OR code BETWEEN 44032 AND 55215
              OR code BETWEEN 63744 AND 64255 OR code BETWEEN 65382 AND 65500
              OR code BETWEEN 131072 AND 205743 OR code IN (12293, 12294)
              THEN ' ' || c || ' '
            -- Punctuation, arrows, mathematics, boxes, dingbats, private use, emoji.
            WHEN code < 11264 OR code BETWEEN 11776 AND 12352 OR code BETWEEN 57344 AND 63743
              OR code BETWEEN 65024 AND 65135 OR code BETWEEN 65280 AND 65295
              OR code BETWEEN 65306 AND 65312 OR code BETWEEN 65339 AND 65344
              OR code BETWEEN 65371 AND 65381 OR code >= 126976 THEN ' '
            ELSE c
          END, '')
        FROM letter
      ),
      tidy (text) AS MATERIALIZED (
        SELECT trim(replace(replace(replace(replace(replace(
          coalesce(spaced.text, plain.text),
          '        ', ' '), '    ', ' '), '  ', ' '), '  ', ' '), '  ', ' '))
        FROM spaced, plain
      )
    SELECT source.prefix || replace(text, ' ', ' ' || source.prefix) FROM tidy
  ) AS words
FROM (
  SELECT
    searchRows.rowId,
    iif(searchRows.messageId IS NULL, 't', 'b') || searchOwners.number || 'x' AS prefix,
    -- The first 100,000 characters: the work for one message stays bounded.
    substr(iif(
      searchRows.messageId IS NULL,
      (SELECT title FROM chats WHERE userId = searchRows.userId AND id = searchRows.chatId),
      (
        SELECT group_concat(json_extract(part.value, '$.text'), char(10))
        FROM messages, json_each(messages.parts) AS part
        WHERE messages.userId = searchRows.userId AND messages.id = searchRows.messageId
          AND json_extract(part.value, '$.type') = 'text'
      )
    ), 1, 100000) AS text
  FROM searchRows
  JOIN searchOwners ON searchOwners.userId = searchRows.userId
) AS source;

-- The index follows the tables. An answer is in it once it has ended.
CREATE TRIGGER searchChatInserted AFTER INSERT ON chats
BEGIN
  INSERT INTO searchOwners (userId)
    SELECT NEW.userId WHERE NOT EXISTS (SELECT 1 FROM searchOwners WHERE userId = NEW.userId);
  INSERT INTO searchRows (userId, chatId) VALUES (NEW.userId, NEW.id);
  INSERT INTO searchIndex (rowid, words)
    SELECT rowId, words FROM searchWords
    WHERE words IS NOT NULL AND rowId = (SELECT rowId FROM searchRows WHERE userId = NEW.userId AND chatId = NEW.id AND messageId IS NULL);
END;

CREATE TRIGGER searchChatUpdated AFTER UPDATE OF userId, id, title ON chats
WHEN OLD.title <> NEW.title OR OLD.userId <> NEW.userId OR OLD.id <> NEW.id
BEGIN
  DELETE FROM searchIndex WHERE rowid IN (SELECT rowId FROM searchRows WHERE userId = OLD.userId AND chatId = OLD.id AND messageId IS NULL);
  DELETE FROM searchRows WHERE userId = OLD.userId AND chatId = OLD.id AND messageId IS NULL;
  INSERT INTO searchOwners (userId)
    SELECT NEW.userId WHERE NOT EXISTS (SELECT 1 FROM searchOwners WHERE userId = NEW.userId);
  INSERT INTO searchRows (userId, chatId) VALUES (NEW.userId, NEW.id);
  INSERT INTO searchIndex (rowid, words)
    SELECT rowId, words FROM searchWords
    WHERE words IS NOT NULL AND rowId = (SELECT rowId FROM searchRows WHERE userId = NEW.userId AND chatId = NEW.id AND messageId IS NULL);
END;

CREATE TRIGGER searchChatDeleted AFTER DELETE ON chats
BEGIN
  DELETE FROM searchIndex WHERE rowid IN (SELECT rowId FROM searchRows WHERE userId = OLD.userId AND chatId = OLD.id AND messageId IS NULL);
  DELETE FROM searchRows WHERE userId = OLD.userId AND chatId = OLD.id AND messageId IS NULL;
END;

CREATE TRIGGER searchMessageInserted AFTER INSERT ON messages
WHEN NEW.status <> 'streaming'
BEGIN
  INSERT INTO searchOwners (userId)
    SELECT NEW.userId WHERE NOT EXISTS (SELECT 1 FROM searchOwners WHERE userId = NEW.userId);
  INSERT INTO searchRows (userId, chatId, messageId) VALUES (NEW.userId, NEW.chatId, NEW.id);
  INSERT INTO searchIndex (rowid, words)
    SELECT rowId, words FROM searchWords
    WHERE words IS NOT NULL AND rowId = (SELECT rowId FROM searchRows WHERE userId = NEW.userId AND messageId = NEW.id);
END;

CREATE TRIGGER searchMessageChanging AFTER UPDATE OF userId, id, chatId, parts, status ON messages
WHEN OLD.status <> 'streaming'
BEGIN
  DELETE FROM searchIndex WHERE rowid IN (SELECT rowId FROM searchRows WHERE userId = OLD.userId AND messageId = OLD.id);
  DELETE FROM searchRows WHERE userId = OLD.userId AND messageId = OLD.id;
END;

CREATE TRIGGER searchMessageEnded AFTER UPDATE OF userId, id, chatId, parts, status ON messages
WHEN NEW.status <> 'streaming'
BEGIN
  DELETE FROM searchIndex WHERE rowid IN (SELECT rowId FROM searchRows WHERE userId = OLD.userId AND messageId = OLD.id);
  DELETE FROM searchRows WHERE userId = OLD.userId AND messageId = OLD.id;
  INSERT INTO searchOwners (userId)
    SELECT NEW.userId WHERE NOT EXISTS (SELECT 1 FROM searchOwners WHERE userId = NEW.userId);
  INSERT INTO searchRows (userId, chatId, messageId) VALUES (NEW.userId, NEW.chatId, NEW.id);
  INSERT INTO searchIndex (rowid, words)
    SELECT rowId, words FROM searchWords
    WHERE words IS NOT NULL AND rowId = (SELECT rowId FROM searchRows WHERE userId = NEW.userId AND messageId = NEW.id);
END;

CREATE TRIGGER searchMessageDeleted AFTER DELETE ON messages
WHEN OLD.status <> 'streaming'
BEGIN
  DELETE FROM searchIndex WHERE rowid IN (SELECT rowId FROM searchRows WHERE userId = OLD.userId AND messageId = OLD.id);
  DELETE FROM searchRows WHERE userId = OLD.userId AND messageId = OLD.id;
END;

-- What is there already.
INSERT INTO searchOwners (userId) SELECT DISTINCT userId FROM chats;
INSERT INTO searchRows (userId, chatId, messageId)
  SELECT userId, chatId, id FROM messages WHERE status <> 'streaming' ORDER BY createdAt, id;
INSERT INTO searchRows (userId, chatId) SELECT userId, id FROM chats ORDER BY updatedAt, id;
INSERT INTO searchIndex (rowid, words) SELECT rowId, words FROM searchWords WHERE words IS NOT NULL;
