import { type ContentDb, type HomeDb, type PushSubscriptionRow, runBatch, sql } from "db";
import { limits } from "../../contracts/limits.ts";
import { sessionMaxMs } from "../auth/session/session.ts";

/** Finds a chat's title and the message at the end of its shown branch. */
export function findLastMessage(
  content: ContentDb,
  { userId, chatId }: { readonly userId: string; readonly chatId: string },
) {
  return content.kysely
    .selectFrom("chats")
    .innerJoin("messages", (join) =>
      join
        .onRef("messages.userId", "=", "chats.userId")
        .onRef("messages.id", "=", "chats.currentMessageId"),
    )
    .select([
      "chats.title",
      "messages.role",
      "messages.parts",
      "messages.status",
      "messages.streamId",
    ])
    .where("chats.userId", "=", userId)
    .where("chats.id", "=", chatId)
    .where("chats.arrivingSince", "is", null)
    .executeTakeFirst();
}

/** Finds a chat's title; undefined when the user has no such chat. */
export async function findTitle(
  content: ContentDb,
  { userId, chatId }: { readonly userId: string; readonly chatId: string },
): Promise<string | undefined> {
  const chat = await content.kysely
    .selectFrom("chats")
    .select("title")
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .executeTakeFirst();
  return chat?.title;
}

/**
 * Stores the subscription of a session. The browser's older sessions lose theirs, and so do the
 * user's oldest ones when there are too many.
 *
 * @returns false when the user has no such session
 */
export async function storeSubscription(home: HomeDb, row: PushSubscriptionRow): Promise<boolean> {
  const { kysely } = home;
  const { sessionId, userId, endpoint, p256dh, auth, createdAt } = row;
  const newest = kysely
    .selectFrom("pushSubscriptions")
    .select("sessionId")
    .where("userId", "=", userId)
    .orderBy("createdAt", "desc")
    .orderBy("sessionId")
    .limit(limits.pushSubscriptionsPerUserMax);
  const [, stored] = await runBatch(home, [
    kysely
      .deleteFrom("pushSubscriptions")
      .where("endpoint", "=", endpoint)
      .where("sessionId", "!=", sessionId),
    kysely
      .insertInto("pushSubscriptions")
      .columns(["sessionId", "userId", "endpoint", "p256dh", "auth", "createdAt"])
      .expression(
        kysely
          .selectFrom("sessions")
          .select([
            "sessions.id",
            "sessions.userId",
            sql.val(endpoint).as("endpoint"),
            sql.val(p256dh).as("p256dh"),
            sql.val(auth).as("auth"),
            sql.val(createdAt).as("createdAt"),
          ])
          .where("sessions.id", "=", sessionId)
          .where("sessions.userId", "=", userId),
      )
      .onConflict((conflict) =>
        conflict.column("sessionId").doUpdateSet({ endpoint, p256dh, auth, createdAt }),
      )
      .returning("sessionId"),
    kysely
      .deleteFrom("pushSubscriptions")
      .where("userId", "=", userId)
      .where("sessionId", "not in", newest),
  ]);
  return stored.length > 0;
}

/** Deletes the subscription of a session. */
export async function deleteSubscription(
  home: HomeDb,
  key: { readonly userId: string; readonly sessionId: string },
): Promise<void> {
  await home.kysely
    .deleteFrom("pushSubscriptions")
    .where("userId", "=", key.userId)
    .where("sessionId", "=", key.sessionId)
    .execute();
}

/** Deletes a subscription that its push service does not know any more, unless it was replaced. */
export async function dropSubscription(
  home: HomeDb,
  gone: Pick<PushSubscriptionRow, "userId" | "sessionId" | "endpoint">,
): Promise<void> {
  await home.kysely
    .deleteFrom("pushSubscriptions")
    .where("userId", "=", gone.userId)
    .where("sessionId", "=", gone.sessionId)
    .where("endpoint", "=", gone.endpoint)
    .execute();
}

/** Lists a user's subscriptions whose sessions are good. */
export function listSubscriptions(
  home: HomeDb,
  { userId, now }: { readonly userId: string; readonly now: number },
): Promise<PushSubscriptionRow[]> {
  return home.kysely
    .selectFrom("pushSubscriptions")
    .innerJoin("sessions", "sessions.id", "pushSubscriptions.sessionId")
    .innerJoin("users", "users.id", "sessions.userId")
    .selectAll("pushSubscriptions")
    .where("pushSubscriptions.userId", "=", userId)
    .whereRef("sessions.userId", "=", "pushSubscriptions.userId")
    .where("users.disabledAt", "is", null)
    .where("sessions.expiresAt", ">", now)
    .where(({ eb, or }) =>
      or([eb("users.isGuest", "=", 1), eb("sessions.createdAt", ">", now - sessionMaxMs)]),
    )
    .execute();
}
