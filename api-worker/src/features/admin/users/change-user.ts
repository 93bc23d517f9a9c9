import { sql } from "db";
import type { z } from "zod";
import type { UserContext } from "../../../context.ts";
import type {
  disableInput,
  endSessionsInput,
  setRoleInput,
} from "../../../contracts/admin-users.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { recordEvent } from "../../audit/record-event.ts";
import { endEverything, endOtherSessions } from "../../auth/session/end-access.ts";
import { shutOutUser } from "../../users/shut-out-user.ts";
import { leavesAnAdmin, updateUser } from "./change-queries.ts";
import { findOther, findTarget, userEvent } from "./find-target.ts";

/** The error for a change that would leave no administrator. */
export function lastAdmin(): AppError {
  return new AppError(
    "CONFLICT",
    "This is the last administrator. Make someone else an administrator first.",
  );
}

/**
 * Makes a user an administrator, or an administrator a user. It applies from the next request on.
 *
 * @throws AppError NOT_FOUND; CONFLICT for a guest, for the last administrator, and for one whom
 *   `ADMIN_EMAILS` would make an administrator again
 */
export async function setRole(
  ctx: UserContext,
  { userId, role, reason }: z.infer<typeof setRoleInput>,
): Promise<null> {
  const { user } = await findTarget(ctx, userId);
  if (user.role === role) return null;
  if (user.isGuest === 1) {
    throw new AppError("CONFLICT", "A guest can’t be an administrator.");
  }
  if (role === "user" && isNamedAdmin(ctx, user.email)) {
    throw new AppError(
      "CONFLICT",
      "The setting ADMIN_EMAILS makes this user an administrator. Remove the address there first.",
    );
  }
  const action = role === "admin" ? "user.make_admin" : "user.unmake_admin";
  const isChanged = await updateUser(
    ctx.home,
    {
      userId,
      event: userEvent(ctx, userId, { action, reason }),
      onlyIf: role === "admin" ? sql<boolean>`users.role = 'user'` : leavesAnAdmin,
    },
    { role },
  );
  // Another administrator may have done the same meanwhile.
  if (!isChanged && (await findTarget(ctx, userId)).user.role !== role) throw lastAdmin();
  return null;
}

/** Whether the operator's setting has an address. */
export function isNamedAdmin({ env }: Pick<UserContext, "env">, email: string | null): boolean {
  return email !== null && settingsOf(env).adminEmails.includes(email);
}

/**
 * Disables a user: ends sessions, API tokens and answers in progress, and hides shared chats. Safe to
 * call again.
 *
 * @throws AppError NOT_FOUND; CONFLICT for the administrator's own account and for the last one
 */
export async function disable(
  ctx: UserContext,
  { userId, reason }: z.infer<typeof disableInput>,
): Promise<null> {
  const { owner } = await findOther(ctx, userId);
  const isChanged = await updateUser(
    ctx.home,
    {
      userId,
      event: userEvent(ctx, userId, { action: "user.disable", reason }),
      onlyIf: sql<boolean>`(users.disabledAt IS NULL AND ${leavesAnAdmin})`,
    },
    { disabledAt: systemClock() },
  );
  if (!isChanged && (await findTarget(ctx, userId)).user.disabledAt === null) throw lastAdmin();
  await shutOutUser(owner);
  return null;
}

/**
 * Enables a user again. Sessions and tokens that have ended stay ended.
 *
 * @throws AppError NOT_FOUND
 */
export async function enable(
  ctx: UserContext,
  { userId, reason }: z.infer<typeof disableInput>,
): Promise<null> {
  await findTarget(ctx, userId);
  await updateUser(
    ctx.home,
    {
      userId,
      event: userEvent(ctx, userId, { action: "user.enable", reason }),
      onlyIf: sql<boolean>`users.disabledAt IS NOT NULL`,
    },
    { disabledAt: null },
  );
  return null;
}

/**
 * Logs a user out of all browsers, and if asked revokes the API tokens.
 *
 * @throws AppError NOT_FOUND; CONFLICT for the administrator's own account
 */
export async function endSessions(
  ctx: UserContext,
  { userId, withTokens, reason }: z.infer<typeof endSessionsInput>,
): Promise<null> {
  const { owner } = await findOther(ctx, userId);
  const event = { action: "user.end_sessions", reason, details: { withTokens } } as const;
  await recordEvent(ctx.home, userEvent(ctx, userId, event));
  if (withTokens) await endEverything(owner, userId);
  else await endOtherSessions(owner, { userId, keptSessionId: null });
  return null;
}
