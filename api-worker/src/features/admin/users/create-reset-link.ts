import type { z } from "zod";
import type { UserContext } from "../../../context.ts";
import type { ResetLinkOutput, resetLinkInput } from "../../../contracts/admin-users.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { settingsOf } from "../../../platform/settings.ts";
import {
  formatSessionToken,
  hashSecret,
  newSessionToken,
} from "../../auth/session/session-token.ts";
import { storeReset } from "./change-queries.ts";
import { findOther, userEvent } from "./find-target.ts";

/** How long a link works. `pnpm user:reset` makes links of the same life. */
export const linkLifeMs = 24 * 60 * 60 * 1_000;

/**
 * Makes a link with which a user chooses a new password, once. An earlier link of the user stops
 * working. The old password works until the link is used.
 *
 * @throws AppError NOT_FOUND; CONFLICT for the administrator's own account, a guest, and a disabled
 *   user; FORBIDDEN while the operator keeps chats closed, because a link opens them
 */
export async function createResetLink(
  ctx: UserContext,
  { userId, reason }: z.infer<typeof resetLinkInput>,
): Promise<ResetLinkOutput> {
  if (!settingsOf(ctx.env).canAdminsOpenChats) {
    throw new AppError(
      "FORBIDDEN",
      "The operator has turned off access to chats, so only the operator can make this link.",
    );
  }
  const { user } = await findOther(ctx, userId);
  if (user.isGuest === 1) throw new AppError("CONFLICT", "A guest has no password.");
  const now = systemClock();
  const token = newSessionToken();
  const expiresAt = now + linkLifeMs;
  const isMade = await storeReset(
    ctx.home,
    { userId, event: userEvent(ctx, userId, { action: "user.reset_link", reason }) },
    { id: token.id, secretHash: hashSecret(token.secret), createdAt: now, expiresAt },
  );
  if (!isMade) {
    throw new AppError("CONFLICT", "This user is disabled. Enable the user first.");
  }
  // Behind the #, which browsers send to no server.
  return { path: `/reset#${formatSessionToken(token)}`, expiresAt };
}
