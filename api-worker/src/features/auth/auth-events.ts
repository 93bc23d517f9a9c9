import type { Context } from "../../context.ts";
import type { LogFields } from "../../platform/log.ts";
import type { LogEvent } from "../../platform/log-events.ts";
import { logSecurityEvent } from "../../platform/security-log.ts";

/**
 * Logs what happened to an account, and from which address.
 *
 * @param accountId null when there is no such account
 */
export function logAuthEvent(
  ctx: Pick<Context, "log" | "request">,
  event: LogEvent & `auth.${string}`,
  accountId: string | null,
  fields: LogFields = {},
): void {
  logSecurityEvent(ctx, event, { accountId, ...fields });
}
