import { type ContentDb, runBatch, sql } from "db";
import { ownerMark } from "./match-expression.ts";

/** An entry of the index that matches. */
export interface Match {
  readonly rowId: number;
  /** The lower, the better. */
  readonly rank: number;
}

/** Which of a user's entries. */
export interface MatchWindow {
  readonly userId: string;
  readonly expression: string;
  readonly kind: "title" | "message";
  /** Entries with a higher number were made later. */
  readonly untilRowId: number;
  readonly limit: number;
}

/**
 * The newest entries that match, up to a limit.
 * The words of the expression carry the owner's number, so no other owner's entries are touched; the
 * owner is asked for again where the row is read.
 */
function matchQuery({ userId, expression, kind, untilRowId, limit }: MatchWindow) {
  const letter = kind === "title" ? "t" : "b";
  return sql<Match>`
    SELECT searchRows.rowId, bm25(searchIndex) AS rank
    FROM searchIndex CROSS JOIN searchRows ON searchRows.rowId = searchIndex.rowid
    WHERE searchIndex MATCH coalesce(
        (
          SELECT replace(${expression}, ${ownerMark}, ${letter} || number || 'x')
          FROM searchOwners WHERE userId = ${userId}
        ),
        -- An owner without a number has no entries: the empty phrase, which nothing matches.
        '""'
      )
      AND searchIndex.rowid <= ${untilRowId}
      AND searchRows.userId = ${userId}
    ORDER BY searchIndex.rowid DESC
    LIMIT ${limit}`;
}

/** Runs several windows in one round trip. */
export async function listMatches(
  db: ContentDb,
  windows: readonly MatchWindow[],
): Promise<Match[][]> {
  return runBatch(db, windows.map(matchQuery));
}

/** What a hit shows. */
export interface FoundText {
  readonly rowId: number;
  readonly chatId: string;
  readonly title: string;
  readonly chatUpdatedAt: number;
  readonly messageId: string | null;
  readonly role: "user" | "assistant" | null;
  /** JSON, like the column. */
  readonly parts: string | null;
  readonly createdAt: number | null;
}

/** The titles and messages that entries of the index are about, those that are still there. */
export async function listFoundTexts(
  db: ContentDb,
  userId: string,
  rowIds: readonly number[],
): Promise<FoundText[]> {
  const { rows } = await sql<FoundText>`
    SELECT searchRows.rowId, searchRows.chatId, chats.title, chats.updatedAt AS chatUpdatedAt,
      searchRows.messageId, messages.role, messages.parts, messages.createdAt
    FROM json_each(${JSON.stringify(rowIds)}) AS wanted
    CROSS JOIN searchRows ON searchRows.rowId = wanted.value
    CROSS JOIN chats ON chats.userId = searchRows.userId AND chats.id = searchRows.chatId
    LEFT JOIN messages
      ON messages.userId = searchRows.userId AND messages.id = searchRows.messageId
    WHERE searchRows.userId = ${userId}
      AND (searchRows.messageId IS NULL OR messages.id IS NOT NULL)`.execute(db.kysely);
  return rows;
}
