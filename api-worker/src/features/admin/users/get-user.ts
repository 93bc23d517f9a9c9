import type { z } from "zod";
import type { UserContext } from "../../../context.ts";
import type {
  UserAccessOutput,
  UserOutput,
  userIdInput,
  userUsageInput,
} from "../../../contracts/admin-users.ts";
import { listTokensOf } from "../../account/tokens.ts";
import { readUsage } from "../../account/usage.ts";
import { listSessionsOf } from "../../auth/session/viewer-sessions.ts";
import { limitsOfOwner } from "../../limits/limits-of.ts";
import { isNamedAdmin } from "./change-user.ts";
import { findTarget } from "./find-target.ts";
import { toUserFacts } from "./list-users.ts";

type UserId = z.infer<typeof userIdInput>;

/** Who a user is. @throws AppError NOT_FOUND */
export async function getUser(ctx: UserContext, { userId }: UserId): Promise<UserOutput> {
  const { user } = await findTarget(ctx, userId);
  return {
    ...toUserFacts(user),
    isViewer: userId === ctx.viewer.userId,
    isNamedAdmin: isNamedAdmin(ctx, user.email),
  };
}

/** What a user has used, with what is left. @throws AppError NOT_FOUND */
export async function getUserUsage(
  ctx: UserContext,
  { userId, days }: z.infer<typeof userUsageInput>,
) {
  const { owner } = await findTarget(ctx, userId);
  return readUsage(owner, await limitsOfOwner(owner), days);
}

/** The sessions and API tokens of a user. @throws AppError NOT_FOUND */
export async function getUserAccess(
  ctx: UserContext,
  { userId }: UserId,
): Promise<UserAccessOutput> {
  await findTarget(ctx, userId);
  const [sessions, tokens] = await Promise.all([
    listSessionsOf(ctx.home, userId),
    listTokensOf(ctx.home, userId),
  ]);
  return { sessions, tokens };
}
