import { type HomeDb, type NewUserRow, runBatch, type SessionRow } from "db";

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
    ])
    .where("sessions.id", "=", sessionId)
    .executeTakeFirst();
}

/** @param email case-folded */
export function findUserByEmail(home: HomeDb, email: string) {
  return home.kysely
    .selectFrom("users")
    .select([...userColumns, "users.passwordHash"])
    .where("users.email", "=", email)
    .executeTakeFirst();
}

/** @returns false when the e-mail address was taken in the meantime */
export async function insertUser(home: HomeDb, user: NewUserRow): Promise<boolean> {
  const inserted = await home.kysely
    .insertInto("users")
    .values(user)
    .onConflict((conflict) => conflict.column("email").doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

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

/**
 * Stores a new session. In the same batch goes the one that it replaces in this browser, and some
 * that have expired.
 */
export async function insertSession(
  home: HomeDb,
  session: SessionRow,
  replacedSessionId: string | null,
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

/** A user's sessions, the last used first. A builder, so that a test can look at its plan. */
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
