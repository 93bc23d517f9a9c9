import type { DatabaseSync } from "node:sqlite";

/** Tables with what users store. A database of an older version lacks some of them. */
const counted = [
  "contentUse",
  "chats",
  "messages",
  "documents",
  "documentVersions",
  "suggestions",
  "uploads",
  "openStreams",
] as const;

/** The columns of `contentUse`, each in each part: what a row of a table adds to it. */
const recountStatement = `
INSERT INTO contentUse (userId, chats, messages, openAnswers, textBytes, fileBytes, streamBytes)
SELECT userId, sum(chats), sum(messages), sum(openAnswers), sum(textBytes), sum(fileBytes), sum(streamBytes) FROM (
  SELECT userId, 0 AS chats, 0 AS messages, 0 AS openAnswers, 0 AS textBytes, 0 AS fileBytes, 0 AS streamBytes FROM contentUse
  UNION ALL SELECT userId, 1, 0, 0, octet_length(title), 0, 0 FROM chats
  UNION ALL SELECT userId, 0, 1, status = 'streaming', octet_length(parts), 0, 0 FROM messages
  UNION ALL SELECT userId, 0, 0, 0, octet_length(title) + 300, 0, 0 FROM documents
  UNION ALL SELECT userId, 0, 0, 0, octet_length(content) + 300, 0, 0 FROM documentVersions
  UNION ALL SELECT userId, 0, 0, 0, octet_length(original) + octet_length(proposed) + octet_length(reason) + 300, 0, 0 FROM suggestions
  UNION ALL SELECT userId, 0, 0, 0, 0, bytes + coalesce(thumbnailBytes, 0), 0 FROM uploads WHERE state = 'ready'
  UNION ALL SELECT userId, 0, 0, 0, 0, 0, bytes FROM openStreams
) WHERE true GROUP BY userId
ON CONFLICT (userId) DO UPDATE SET chats = excluded.chats, messages = excluded.messages, openAnswers = excluded.openAnswers, textBytes = excluded.textBytes, fileBytes = excluded.fileBytes, streamBytes = excluded.streamBytes`;

/**
 * Counts anew what each user stores, as the triggers of the product do. The rows of a backup are of
 * different moments, so the counters that came with them can differ from them.
 *
 * @param sqlite a database with the product's tables; one that lacks some of them is left as it is
 */
export function recountUse(sqlite: DatabaseSync): void {
  const find = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  if (counted.every((name) => find.get(name))) sqlite.exec(recountStatement);
}
