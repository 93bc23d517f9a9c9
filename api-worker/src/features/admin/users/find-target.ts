import type { Context, OwnerContext, UserContext } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { ownerContext } from "../../../owner-context.ts";
import { adminEvent } from "../../audit/admin-event.ts";
import type { AuditEvent } from "../../audit/record-event.ts";
import { type FoundUser, findUser } from "./queries.ts";

/** A user that an administrator looks at, with the way to the user's content. */
export interface Target {
  readonly user: FoundUser;
  readonly owner: OwnerContext;
}

/** @throws AppError NOT_FOUND */
export async function findTarget(
  ctx: Pick<Context, "env" | "home" | "log">,
  userId: string,
): Promise<Target> {
  const user = await findUser(ctx.home, userId);
  if (!user) throw new AppError("NOT_FOUND", "This user doesn’t exist.");
  return {
    user,
    owner: ownerContext(ctx, { userId: user.id, contentShard: user.contentShard }),
  };
}

/**
 * The same, for what administrators cannot do to themselves, because it would lock them out.
 *
 * @throws AppError NOT_FOUND; CONFLICT for the administrator's own account
 */
export async function findOther(ctx: UserContext, userId: string): Promise<Target> {
  if (userId === ctx.viewer.userId) {
    throw new AppError("CONFLICT", "You can’t do this to your own account.");
  }
  return findTarget(ctx, userId);
}

/** The event for what an administrator does to a user. */
export function userEvent(
  ctx: UserContext,
  userId: string,
  event: Pick<AuditEvent, "action" | "reason" | "details">,
): AuditEvent {
  return adminEvent(ctx, { ...event, targetType: "user", targetId: userId, ownerId: userId });
}
