import { type ContentDb, type HomeDb, sql } from "db";
import type { Entry } from "./object/search-index.ts";
import { textOfMessage } from "./text-of-message.ts";

/** The number of the content database of a user; undefined when there is no such user. */
export async function findContentShard(home: HomeDb, userId: string): Promise<number | undefined> {
  const row = await home.kysely
    .selectFrom("users")
    .select("contentShard")
    .where("id", "=", userId)
    .executeTakeFirst();
  return row?.contentShard;
}

/** What a hit shows. */
export interface FoundText {
  readonly chatId: string;
  readonly title: string;
  readonly chatUpdatedAt: number;
  /** null: the chat's title was found. */
  readonly messageId: string | null;
  readonly role: "user" | "assistant" | null;
  /** The message's. */
  readonly text: string | null;
  readonly createdAt: number | null;
}

/**
 * Reads the titles and messages of entries as they are now. Of a deleted one, another owner's, or
 * an answer that is live again there is none.
 */
export async function listFoundTexts(
  db: ContentDb,
  userId: string,
  entries: readonly Entry[],
): Promise<FoundText[]> {
  const wanted = entries.map(({ kind, id, chatId }) => ({
    chatId,
    messageId: kind === "message" ? id : null,
  }));
  const { rows } = await sql<FoundText>`
    SELECT chats.id AS chatId, chats.title, chats.updatedAt AS chatUpdatedAt,
      messages.id AS messageId, messages.role, ${textOfMessage} AS text, messages.createdAt
    FROM json_each(${JSON.stringify(wanted)}) AS wanted
    CROSS JOIN chats ON chats.userId = ${userId} AND chats.id = wanted.value ->> 'chatId'
      AND chats.arrivingSince IS NULL
    LEFT JOIN messages ON messages.userId = ${userId}
      AND messages.id = wanted.value ->> 'messageId' AND messages.chatId = chats.id
      AND messages.status <> 'streaming'
    WHERE wanted.value ->> 'messageId' IS NULL OR messages.id IS NOT NULL
    ORDER BY wanted.key`.execute(db.kysely);
  return rows;
}

/** Lists owners of a database whose changes wait for their search objects. */
export async function listWaitingOwners(db: ContentDb, limit: number): Promise<string[]> {
  const { rows } = await sql<{ userId: string }>`
    SELECT userId FROM searchChanges GROUP BY userId LIMIT ${limit}`.execute(db.kysely);
  return rows.map(({ userId }) => userId);
}
