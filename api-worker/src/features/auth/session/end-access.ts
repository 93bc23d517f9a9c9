/**
 * Ends sessions and API tokens. Each of these functions deletes rows first, so that nothing new can
 * start, and then closes what was opened with them: the user's object closes the sockets that news,
 * answers and live reads of streams hold there.
 */
import type { OwnerContext } from "../../../context.ts";
import { callAgain } from "../../../platform/call-again.ts";
import { type Credential, userObject } from "../../../platform/user-object.ts";
import {
  deleteEveryAccess,
  deleteOtherSessions,
  deleteSession,
  type EndedAccess,
} from "../queries.ts";

type Access = Pick<OwnerContext, "env" | "home" | "log">;

/**
 * Ends one session of a user.
 *
 * @returns whether the user had it
 */
export async function endSession(
  access: Access,
  session: { readonly userId: string; readonly sessionId: string },
): Promise<boolean> {
  const isEnded = await deleteSession(access.home, session);
  // Also without a row: before the first message, the session of a guest has none.
  await closeOpened(access, session.userId, [`session:${session.sessionId}`]);
  return isEnded;
}

/**
 * Ends all sessions of a user but one. API tokens stay.
 *
 * @param keptSessionId null ends every session
 */
export async function endOtherSessions(
  access: Access,
  { userId, keptSessionId }: { readonly userId: string; readonly keptSessionId: string | null },
): Promise<void> {
  const ended = await deleteOtherSessions(access.home, { userId, keptSessionId });
  await closeOpened(
    access,
    userId,
    ended.map((id): Credential => `session:${id}`),
  );
}

/** Ends all sessions and all API tokens of a user: "log out everywhere". */
export async function endEverything(access: Access, userId: string): Promise<void> {
  await deleteEveryAccess(access.home, userId);
  await closeOpened(access, userId, "all");
}

/** Closes what was opened with sessions and API tokens that are deleted. Never throws. */
export async function closeEnded(
  access: Pick<Access, "env" | "log">,
  userId: string,
  { sessionIds, tokenIds }: EndedAccess,
): Promise<void> {
  await closeOpened(access, userId, [
    ...sessionIds.map((id): Credential => `session:${id}`),
    ...tokenIds.map((id): Credential => `token:${id}`),
  ]);
}

/**
 * Closes what was opened with credentials that have ended. Never throws: without this, the check
 * that runs while something is open ends it, up to a minute later.
 *
 * @param replacedBy the credential with which the same user goes on in the same browser; what is
 *   open then goes on with it
 */
export async function closeOpened(
  { env, log }: Pick<Access, "env" | "log">,
  userId: string,
  credentials: readonly Credential[] | "all",
  replacedBy?: Credential,
): Promise<void> {
  if (credentials.length === 0) return;
  const close = async () => userObject(env, userId).closeSockets(credentials, replacedBy);
  try {
    await callAgain(close, { maxTries: 4, firstWaitMs: 100 });
  } catch (error) {
    log.error("auth.sockets_not_closed", error, { userId });
  }
}
