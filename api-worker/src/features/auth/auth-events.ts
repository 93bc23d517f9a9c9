import type { Context } from "../../context.ts";
import type { LogFields } from "../../platform/log.ts";
import type { LogEvent } from "../../platform/log-events.ts";
import { addressKey } from "../../platform/rate-limit.ts";

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
  ctx.log.info(event, { accountId, address: addressKey(ctx.request.address), ...fields });
}
