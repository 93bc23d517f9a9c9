/** Invitations to create an account, each change with its event in one batch. */
import { type HomeDb, type InvitesTable, runBatch, sql } from "db";
import { isAfter, type PageRequest } from "../../../platform/page.ts";
import { type AuditEvent, eventStatement } from "../../audit/record-event.ts";

/** Lists a page of invitations with their makers, newest first. */
export function listInviteRows(home: HomeDb, { after, limit }: PageRequest) {
  return home.kysely
    .selectFrom("invites")
    .leftJoin("users as makers", "makers.id", "invites.createdBy")
    .select([
      "invites.id",
      "invites.email",
      "invites.maxUses",
      "invites.uses",
      "invites.createdBy",
      "invites.createdAt",
      "invites.expiresAt",
      "invites.revokedAt",
      "makers.email as makerEmail",
      "makers.name as makerName",
    ])
    .$if(after !== null, (query) =>
      after === null ? query : query.where(isAfter(["invites.createdAt", "invites.id"], after)),
    )
    .orderBy("invites.createdAt", "desc")
    .orderBy("invites.id", "desc")
    .limit(limit)
    .execute();
}

export type FoundInvite = Awaited<ReturnType<typeof listInviteRows>>[number];

export async function insertInvite(
  home: HomeDb,
  invite: Omit<InvitesTable, "uses" | "revokedAt">,
  event: AuditEvent,
): Promise<void> {
  await runBatch(home, [
    eventStatement(home, event),
    home.kysely.insertInto("invites").values({ ...invite, revokedAt: null }),
  ]);
}

/**
 * Revokes an invitation that is not revoked, and records that.
 *
 * @returns whether there is such an invitation, revoked now or before
 */
export async function setInviteRevoked(
  home: HomeDb,
  { inviteId, revokedAt }: { readonly inviteId: string; readonly revokedAt: number },
  event: AuditEvent,
): Promise<boolean> {
  const isThere = sql<boolean>`EXISTS (SELECT 1 FROM invites
    WHERE id = ${inviteId} AND revokedAt IS NULL)`;
  const [, , found] = await runBatch(home, [
    eventStatement(home, event, isThere),
    home.kysely
      .updateTable("invites")
      .set({ revokedAt })
      .where("id", "=", inviteId)
      .where("revokedAt", "is", null),
    home.kysely.selectFrom("invites").select("id").where("id", "=", inviteId),
  ]);
  return found.length > 0;
}
