import { type HomeDb, type NewUserRow, runBatch, type SessionRow, sql } from "db";
import { carriedColumns, carryGuestStatements } from "../carry/carried-guest.ts";
import { storedLimitColumns } from "../limits/stored-limits.ts";
import { type InviteUse, isGoodInvite, useInviteStatement } from "./invite/use-invite.ts";

/** Expired sessions that one login deletes: enough to keep up, and few enough to stay cheap. */
const expiredSweepMax = 50;
/** A user with more sessions than this sees those used last. */
const sessionsShownMax = 100;

const userColumns = [
  "users.id as userId",
  "users.email",
  "users.name",
  "users.role",
  "users.isGuest",
  "users.contentShard",
  "users.emailVerifiedAt",
  "users.disabledAt",
] as const;

/** Finds a session with its user, in one query. Every request with a cookie runs it. */
export function findSession(home: HomeDb, sessionId: string) {
  return home.kysely
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.userId")
    .select([
      "sessions.id as sessionId",
      "sessions.secretHash",
      "sessions.createdAt",
      "sessions.expiresAt",
      "sessions.lastSeenAt",
      ...userColumns,
      ...carriedColumns,
      ...storedLimitColumns,
    ])
    .where("sessions.id", "=", sessionId)
    .executeTakeFirst();
}

export type FoundSession = NonNullable<Awaited<ReturnType<typeof findSession>>>;

type SessionColumn = "sessionId" | "secretHash" | "createdAt" | "expiresAt" | "lastSeenAt";
type FoundGuest = Omit<FoundSession, SessionColumn> & {
  readonly [Column in SessionColumn]: FoundSession[Column] | null;
};

/** The ticket's guest does not exist yet. The limits are those of new guests. */
type NoGuest = { readonly userId: null } & Pick<
  FoundSession,
  "userLimits" | "roleLimits" | "siteSettings"
>;

/**
 * Finds a ticket's guest and the session that the ticket names, in one query.
 *
 * @returns `userId` is null when the guest does not exist yet; the session's columns are null when
 *   the session does not exist
 */
export function findTicketSession(
  home: HomeDb,
  sessionId: string,
  userId: string,
): Promise<FoundGuest | NoGuest> {
  return (
    home.kysely
      .selectFrom(sql<{ userId: string }>`(SELECT ${userId} AS userId)`.as("ticket"))
      .leftJoin("users", "users.id", "ticket.userId")
      .leftJoin("sessions", (join) =>
        join.onRef("sessions.userId", "=", "users.id").on("sessions.id", "=", sessionId),
      )
      .select([
        "sessions.id as sessionId",
        "sessions.secretHash",
        "sessions.createdAt",
        "sessions.expiresAt",
        "sessions.lastSeenAt",
        ...userColumns,
        ...carriedColumns,
        ...storedLimitColumns,
      ])
      // A left join returns either all columns of the user or none.
      .$castTo<FoundGuest | NoGuest>()
      .executeTakeFirstOrThrow()
  );
}

/** @param email case-folded */
export function findUserByEmail(home: HomeDb, email: string) {
  return home.kysely
    .selectFrom("users")
    .select([...userColumns, "users.passwordHash"])
    .where("users.email", "=", email)
    .executeTakeFirst();
}

/**
 * Creates an account. A guest with the same id becomes the account, and the guest's sessions end.
 *
 * @param invite the invitation that the account uses up, in the same batch
 * @returns false when the email address was taken in the meantime, or the invitation is not good any
 *   more
 */
export async function insertAccount(
  home: HomeDb,
  account: AccountRow,
  invite: InviteUse | null,
): Promise<boolean> {
  const { id, contentShard: _, createdAt: __, ...facts } = account;
  const { kysely } = home;
  const isAdmitted = invite ? isGoodInvite(invite) : sql<boolean>`true`;
  const columns = Object.keys(account) as (keyof AccountRow)[];
  const [upgraded, , inserted] = await runBatch(home, [
    kysely
      .updateTable("users")
      .set(facts)
      .where("id", "=", id)
      .where("isGuest", "=", 1)
      .where("carriedToUserId", "is", null)
      .where(isAdmitted)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom("users").select("id").where("email", "=", account.email))),
      )
      .returning("id"),
    kysely
      .deleteFrom("sessions")
      .where("userId", "=", id)
      // Only when the previous statement has turned the guest into the account.
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("users").select("id").where("id", "=", id).where("email", "=", account.email),
        ),
      ),
    kysely
      .insertInto("users")
      .columns(columns)
      .expression(
        kysely
          .selectNoFrom(columns.map((column) => sql.val(account[column]).as(column)))
          .where(isAdmitted),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning("id"),
    ...(invite ? [useInviteStatement(home, invite, account)] : []),
  ]);
  return upgraded.length + inserted.length > 0;
}

type AccountRow = NewUserRow & { readonly email: string; readonly passwordHash: string };

/** Replaces a password hash, unless another request has replaced it first. */
export async function replacePasswordHash(
  home: HomeDb,
  change: { userId: string; oldHash: string; newHash: string },
): Promise<void> {
  await home.kysely
    .updateTable("users")
    .set({ passwordHash: change.newHash })
    .where("id", "=", change.userId)
    .where("passwordHash", "=", change.oldHash)
    .execute();
}

/** Finds the password hash of a user; null for an account without a password. */
export async function findPasswordHash(home: HomeDb, userId: string): Promise<string | null> {
  const user = await home.kysely
    .selectFrom("users")
    .select("passwordHash")
    .where("id", "=", userId)
    .executeTakeFirst();
  return user?.passwordHash ?? null;
}

/** The sessions and API tokens that a change has deleted. */
export interface EndedAccess {
  readonly sessionIds: readonly string[];
  readonly tokenIds: readonly string[];
}

/**
 * Stores a new password. The same batch gives the session that asks for it a new secret, and ends
 * the user's other sessions and, if asked, the API tokens. It does nothing when another request has
 * replaced the old hash.
 *
 * @returns the ids of what has ended; null when another request came first
 */
export async function storeNewPassword(
  home: HomeDb,
  change: {
    readonly userId: string;
    readonly oldHash: string;
    readonly newHash: string;
    readonly kept: Pick<SessionRow, "id" | "secretHash">;
    readonly withTokens: boolean;
  },
): Promise<EndedAccess | null> {
  const { userId, oldHash, newHash, kept, withTokens } = change;
  const { kysely } = home;
  const isChanged = userWithHash(home, userId, newHash);
  const [changed, , sessions, tokens = []] = await runBatch(home, [
    kysely
      .updateTable("users")
      .set({ passwordHash: newHash })
      .where("id", "=", userId)
      .where("passwordHash", "=", oldHash)
      .returning("id"),
    kysely
      .updateTable("sessions")
      .set({ secretHash: kept.secretHash })
      .where("id", "=", kept.id)
      .where("userId", "in", isChanged)
      .returning("id"),
    kysely
      .deleteFrom("sessions")
      .where("id", "!=", kept.id)
      .where("userId", "in", isChanged)
      .returning("id"),
    ...(withTokens
      ? [kysely.deleteFrom("apiTokens").where("userId", "in", isChanged).returning("id")]
      : []),
  ]);
  if (changed.length === 0) return null;
  return toEndedAccess(sessions, tokens);
}

/** The user while the password has this hash, for statements that follow a change of it. */
export function userWithHash({ kysely }: HomeDb, userId: string, hash: string) {
  return kysely
    .selectFrom("users")
    .select("id")
    .where("id", "=", userId)
    .where("passwordHash", "=", hash);
}

/** The rows that a change has deleted, as {@link EndedAccess}. */
export function toEndedAccess(
  sessions: readonly { readonly id: string }[],
  tokens: readonly { readonly id: string }[],
): EndedAccess {
  return { sessionIds: sessions.map(({ id }) => id), tokenIds: tokens.map(({ id }) => id) };
}

export async function promoteToAdmin(home: HomeDb, userId: string): Promise<void> {
  await home.kysely.updateTable("users").set({ role: "admin" }).where("id", "=", userId).execute();
}

/** What a new session replaces in its browser. */
export interface Replaced {
  readonly replacedSessionId: string | null;
  /** A guest whose chats move to the user of the new session. */
  readonly guestId: string | null;
}

/**
 * Stores a new session. The same batch deletes the session that it replaces in this browser and
 * some expired ones, and marks the guest as moved to the account, with the guest's public chats.
 */
export async function insertSession(
  home: HomeDb,
  session: SessionRow,
  { replacedSessionId, guestId }: Replaced,
): Promise<void> {
  const expired = home.kysely
    .selectFrom("sessions")
    .select("id")
    .where("expiresAt", "<=", session.createdAt)
    .orderBy("expiresAt")
    .limit(expiredSweepMax);
  await runBatch(home, [
    home.kysely.deleteFrom("sessions").where("id", "in", expired),
    ...(replacedSessionId === null
      ? []
      : [home.kysely.deleteFrom("sessions").where("id", "=", replacedSessionId)]),
    home.kysely.insertInto("sessions").values(session),
    ...(guestId === null ? [] : carryGuestStatements(home, guestId, session.userId)),
  ]);
}

export async function updateSessionTimes(
  home: HomeDb,
  sessionId: string,
  times: { lastSeenAt: number; expiresAt: number },
): Promise<void> {
  await home.kysely.updateTable("sessions").set(times).where("id", "=", sessionId).execute();
}

/** @returns whether the user had such a session */
export async function deleteSession(
  home: HomeDb,
  session: { userId: string; sessionId: string },
): Promise<boolean> {
  const deleted = await home.kysely
    .deleteFrom("sessions")
    .where("id", "=", session.sessionId)
    .where("userId", "=", session.userId)
    .returning("id")
    .executeTakeFirst();
  return deleted !== undefined;
}

/**
 * Finds what decides whether a session of a user is good.
 *
 * @returns undefined when the user does not exist; without the session's columns when only the
 *   session does not
 */
export function findSessionEnd(home: HomeDb, key: { userId: string; id: string }) {
  return home.kysely
    .selectFrom("users")
    .leftJoin("sessions", (join) =>
      join.onRef("sessions.userId", "=", "users.id").on("sessions.id", "=", key.id),
    )
    .select(["sessions.createdAt", "sessions.expiresAt", "users.disabledAt", "users.isGuest"])
    .where("users.id", "=", key.userId)
    .executeTakeFirst();
}

/** The same for a token. */
export function findTokenEnd(home: HomeDb, key: { userId: string; id: string }) {
  return home.kysely
    .selectFrom("users")
    .leftJoin("apiTokens", (join) =>
      join.onRef("apiTokens.userId", "=", "users.id").on("apiTokens.id", "=", key.id),
    )
    .select(["apiTokens.createdAt", "apiTokens.expiresAt", "users.disabledAt", "users.isGuest"])
    .where("users.id", "=", key.userId)
    .executeTakeFirst();
}

/**
 * Deletes all sessions of a user but one.
 *
 * @param keptSessionId null deletes all
 * @returns the ids of the deleted ones
 */
export async function deleteOtherSessions(
  home: HomeDb,
  { userId, keptSessionId }: { userId: string; keptSessionId: string | null },
): Promise<string[]> {
  const deleted = await home.kysely
    .deleteFrom("sessions")
    .where("userId", "=", userId)
    .where("id", "!=", keptSessionId ?? "")
    .returning("id")
    .execute();
  return deleted.map(({ id }) => id);
}

/** Deletes all sessions and API tokens of a user. */
export async function deleteEveryAccess(home: HomeDb, userId: string): Promise<void> {
  await runBatch(home, [
    home.kysely.deleteFrom("sessions").where("userId", "=", userId),
    home.kysely.deleteFrom("apiTokens").where("userId", "=", userId),
  ]);
}

/** Builds the query for a user's sessions, last used first. */
export function listSessionsQuery(home: HomeDb, params: { userId: string; now: number }) {
  return home.kysely
    .selectFrom("sessions")
    .select(["id", "createdAt", "expiresAt", "lastSeenAt", "userAgent"])
    .where("userId", "=", params.userId)
    .where("expiresAt", ">", params.now)
    .orderBy("lastSeenAt", "desc")
    .orderBy("id", "desc")
    .limit(sessionsShownMax);
}
