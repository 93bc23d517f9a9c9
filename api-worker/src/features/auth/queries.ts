import { type HomeDb, type NewUserRow, runBatch, type SessionRow, sql } from "db";
import { carriedColumns, carryGuestStatements } from "../carry/carried-guest.ts";
import { storedLimitColumns } from "../limits/stored-limits.ts";

/** How many expired sessions one login takes away: enough to keep pace, cheap for each. */
const expiredSweepMax = 50;
/** A person with more devices than this sees the last used. */
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

/** A session with its user, in one query: what every request with a cookie asks for. */
export function findSession(home: HomeDb, sessionId: string) {
  return home.kysely
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.userId")
    .select([
      "sessions.id as sessionId",
      "sessions.secretHash",
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

type SessionColumn = "sessionId" | "secretHash" | "expiresAt" | "lastSeenAt";
type FoundGuest = Omit<FoundSession, SessionColumn> & {
  readonly [Column in SessionColumn]: FoundSession[Column] | null;
};

/** Where there is no such user yet: the limits of new guests. */
type NoGuest = { readonly userId: null } & Pick<FoundSession, "userLimits" | "roleLimits">;

/**
 * The guest that a ticket is for, with the session that it names, in one query.
 *
 * @returns null as `userId` when there is no such guest yet; nulls in place of a session that is not
 *   there
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
        "sessions.expiresAt",
        "sessions.lastSeenAt",
        ...userColumns,
        ...carriedColumns,
        ...storedLimitColumns,
      ])
      // A left join has either all columns of users or none.
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
 * Makes an account. A guest with its id becomes it, and the guest's sessions are over.
 *
 * @returns false when the e-mail address was taken in the meantime
 */
export async function insertAccount(home: HomeDb, account: AccountRow): Promise<boolean> {
  const { id, contentShard: _, createdAt: __, ...facts } = account;
  const { kysely } = home;
  const [upgraded, , inserted] = await runBatch(home, [
    kysely
      .updateTable("users")
      .set(facts)
      .where("id", "=", id)
      .where("isGuest", "=", 1)
      .where("carriedToUserId", "is", null)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom("users").select("id").where("email", "=", account.email))),
      )
      .returning("id"),
    kysely
      .deleteFrom("sessions")
      .where("userId", "=", id)
      // Only when the statement before it has made the account.
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("users").select("id").where("id", "=", id).where("email", "=", account.email),
        ),
      ),
    kysely
      .insertInto("users")
      .values(account)
      .onConflict((conflict) => conflict.doNothing())
      .returning("id"),
  ]);
  return upgraded.length + inserted.length > 0;
}

type AccountRow = NewUserRow & { readonly email: string };

/** Replaces a password hash, unless another request was quicker. */
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

export async function promoteToAdmin(home: HomeDb, userId: string): Promise<void> {
  await home.kysely.updateTable("users").set({ role: "admin" }).where("id", "=", userId).execute();
}

/** What a new session stands in the place of, in its browser. */
export interface Replaced {
  readonly replacedSessionId: string | null;
  /** A guest whose chats go to the user of the new session. */
  readonly guestId: string | null;
}

/**
 * Stores a new session. In the same batch goes the one that it replaces in this browser, and some
 * that have expired; and a guest is marked as carried over, with the public chats that lead there.
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

/** @returns whether there was such a session of this user */
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
