import { sql } from "db";
import type { z } from "zod";
import type { UserContext } from "../../../context.ts";
import {
  confirmTextOf,
  type DeletedUserOutput,
  type deleteUserInput,
} from "../../../contracts/admin-users.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { forgetBrowsers } from "../../auth/tries/tries.ts";
import { countContent } from "../../deletion/count-content.ts";
import { deleteContent } from "../../deletion/delete-content.ts";
import { shutOutUser } from "../../users/shut-out-user.ts";
import { countHomeRows, deleteUserRow, leavesAnAdmin, updateUser } from "./change-queries.ts";
import { lastAdmin } from "./change-user.ts";
import { findOther, userEvent } from "./find-target.ts";
import { findUser } from "./queries.ts";

/**
 * Deletes a user with everything of theirs: rows, files, the objects of chats and streams. The user
 * is disabled first, so that nothing new begins. Safe to call again after an interruption: until
 * the last statement the user is there, disabled.
 *
 * @returns what was removed, by table; the audit log has the same
 * @throws AppError NOT_FOUND; INVALID when the confirmation does not match; CONFLICT for the
 *   administrator's own account, for the last one, and when the user was enabled meanwhile; INTERNAL
 *   when something is left
 */
export async function deleteUser(
  ctx: UserContext,
  { userId, confirmation, reason }: z.infer<typeof deleteUserInput>,
): Promise<DeletedUserOutput> {
  const { user, owner } = await findOther(ctx, userId);
  if (confirmation.toLowerCase() !== confirmTextOf(user)) {
    const message = "This doesn’t match the user.";
    throw new AppError("INVALID", message, { fields: { confirmation: message } });
  }
  const homeRows = await countHomeRows(ctx.home, userId);
  const isDisabled = await updateUser(
    ctx.home,
    {
      userId,
      event: userEvent(ctx, userId, { action: "user.delete", reason }),
      onlyIf: leavesAnAdmin,
    },
    { disabledAt: user.disabledAt ?? systemClock() },
  );
  if (!isDisabled) throw lastAdmin();
  await shutOutUser(owner);

  const before = await countContent(owner);
  await deleteContent(owner);
  const left = await countContent(owner);
  if (Object.keys(left).length > 0) {
    throw new AppError("INTERNAL", "Some data couldn’t be deleted. Delete the user again.", {
      detail: `left: ${JSON.stringify(left)}`,
    });
  }
  if (user.email !== null) await forgetBrowsers(ctx, user.email);
  const removed = { ...before, ...homeRows };
  const event = { action: "user.deleted", reason, details: { removed } } as const;
  const isDeleted = await deleteUserRow(ctx.home, {
    userId,
    event: userEvent(ctx, userId, event),
    onlyIf: sql<boolean>`users.disabledAt IS NOT NULL`,
  });
  // Another administrator may have enabled the user meanwhile, or have deleted the row.
  if (!isDeleted && (await findUser(ctx.home, userId))) {
    throw new AppError("CONFLICT", "This user was enabled meanwhile. Delete the user again.");
  }
  return { removed };
}
