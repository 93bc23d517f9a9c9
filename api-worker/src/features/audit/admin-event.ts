import type { UserContext } from "../../context.ts";
import type { AuditEvent } from "./record-event.ts";

/** What an administrator does with a request, for the audit log. */
export function adminEvent(
  ctx: UserContext,
  event: Omit<AuditEvent, "actorId" | "requestId">,
): AuditEvent {
  return { ...event, actorId: ctx.viewer.userId, requestId: ctx.request.id };
}
