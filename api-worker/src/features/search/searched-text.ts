import { sql } from "db";

/** Further characters of a text are neither indexed nor looked at. In UTF-16 units. */
export const searchedTextMax = 100_000;

/** SQL for the text parts of a row of `messages`, joined by line breaks; NULL without any. */
export const textOfMessage = sql<string | null>`(
  SELECT substr(group_concat(part.value ->> 'text', char(10)), 1, ${sql.lit(searchedTextMax)})
  FROM json_each(messages.parts) AS part
  WHERE part.type = 'object' AND part.value ->> 'type' = 'text'
    AND json_type(part.value, '$.text') = 'text')`;

/**
 * SQL for the text of a row of `documents` with its newest version `versions`. NULL for a picture:
 * what it stores is no text of a person's.
 */
export const textOfDocument = sql<string | null>`CASE WHEN documents.kind <> 'image'
  THEN substr(versions.content, 1, ${sql.lit(searchedTextMax)}) END`;

/** SQL: a row of `documents` is no part of a chat that is still arriving. */
export const isDocumentThere = sql<boolean>`NOT EXISTS (SELECT 1 FROM chats AS arriving
  WHERE arriving.userId = documents.userId AND arriving.id = documents.chatId
    AND arriving.arrivingSince IS NOT NULL)`;
