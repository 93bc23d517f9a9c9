/** The invitations with which accounts are created where the settings of the site ask for one. */
import type { z } from "zod";
import type { UserContext } from "../../../context.ts";
import type {
  CreatedInviteOutput,
  createInviteInput,
  InviteOutput,
  ListInvitesOutput,
  listInvitesInput,
  revokeInviteInput,
} from "../../../contracts/admin-invites.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { pageRequest, toPage } from "../../../platform/page.ts";
import { siteSettingsOf } from "../../../platform/site-settings.ts";
import { adminEvent } from "../../audit/admin-event.ts";
import type { AuditEvent } from "../../audit/record-event.ts";
import {
  formatSessionToken,
  hashSecret,
  newSessionToken,
} from "../../auth/session/session-token.ts";
import { type FoundInvite, insertInvite, listInviteRows, setInviteRevoked } from "./queries.ts";

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Lists a page of invitations, newest first.
 *
 * @throws AppError INVALID for a cursor of another origin
 */
export async function listInvites(
  { env, home, viewer }: UserContext,
  { limit, cursor }: z.infer<typeof listInvitesInput>,
): Promise<ListInvitesOutput> {
  const rows = await listInviteRows(home, pageRequest(limit, cursor));
  const { items, nextCursor } = toPage(rows, limit, ({ createdAt, id }) => [createdAt, id]);
  const { signUp } = siteSettingsOf(env, viewer.storedSettings);
  return { items: items.map(toInviteOutput), nextCursor, isNeeded: signUp === "invite" };
}

function toInviteOutput(invite: FoundInvite): InviteOutput {
  const { createdBy, makerEmail, makerName, ...facts } = invite;
  return { ...facts, createdBy: { id: createdBy, email: makerEmail, name: makerName } };
}

/** Makes an invitation. Only its link has the secret. */
export async function createInvite(
  ctx: UserContext,
  { email, maxUses, expiresInDays, reason }: z.infer<typeof createInviteInput>,
): Promise<CreatedInviteOutput> {
  const token = newSessionToken();
  const createdAt = systemClock();
  const expiresAt = createdAt + expiresInDays * dayMs;
  await insertInvite(
    ctx.home,
    {
      id: token.id,
      secretHash: hashSecret(token.secret),
      email: email ?? null,
      maxUses,
      createdBy: ctx.viewer.userId,
      createdAt,
      expiresAt,
    },
    inviteEvent(ctx, token.id, {
      action: "invite.create",
      reason,
      details: { uses: maxUses, days: expiresInDays },
    }),
  );
  return { inviteId: token.id, token: formatSessionToken(token), expiresAt };
}

/**
 * Revokes an invitation. Accounts that were created with it stay. Safe to call again.
 *
 * @throws AppError NOT_FOUND
 */
export async function revokeInvite(
  ctx: UserContext,
  { inviteId, reason }: z.infer<typeof revokeInviteInput>,
): Promise<null> {
  const event = inviteEvent(ctx, inviteId, { action: "invite.revoke", reason });
  const change = { inviteId, revokedAt: systemClock() };
  if (await setInviteRevoked(ctx.home, change, event)) return null;
  throw new AppError("NOT_FOUND", "This invitation doesn’t exist.");
}

function inviteEvent(
  ctx: UserContext,
  inviteId: string,
  event: Pick<AuditEvent, "action" | "reason" | "details">,
): AuditEvent {
  return adminEvent(ctx, { ...event, targetType: "invite", targetId: inviteId, ownerId: null });
}
