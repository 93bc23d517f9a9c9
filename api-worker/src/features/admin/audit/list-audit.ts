import { z } from "zod";
import type { Context } from "../../../context.ts";
import type {
  AuditEventOutput,
  ListAuditOutput,
  listAuditInput,
} from "../../../contracts/admin-audit.ts";
import { pageRequest, toPage } from "../../../platform/page.ts";
import { findIdOf } from "../frame/find-id-of.ts";
import { type FoundEvent, listEvents } from "./queries.ts";

/**
 * Lists a page of the audit log, newest first.
 *
 * @throws AppError INVALID for a cursor of another origin
 */
export async function listAudit(
  { home }: Pick<Context, "home">,
  { limit, cursor, actor, about, ...filter }: z.infer<typeof listAuditInput>,
): Promise<ListAuditOutput> {
  const page = pageRequest(limit, cursor);
  const [actorId, ownerId] = await Promise.all([findIdOf(home, actor), findIdOf(home, about)]);
  const rows = await listEvents(home, { ...filter, actorId, ownerId }, page);
  const { items, nextCursor } = toPage(rows, limit, ({ createdAt, id }) => [createdAt, id]);
  return { items: items.map(toEventOutput), nextCursor };
}

const detailsSchema = z.record(z.string(), z.unknown());

function toEventOutput(event: FoundEvent): AuditEventOutput {
  const { actorId, actorEmail, actorName, ownerId, ownerEmail, ownerName, details, ...facts } =
    event;
  return {
    ...facts,
    actor: { id: actorId, email: actorEmail, name: actorName },
    owner: ownerId === null ? null : { id: ownerId, email: ownerEmail, name: ownerName },
    details: details === null ? null : detailsSchema.parse(JSON.parse(details)),
  };
}
