import { addressKey } from "api-worker/contracts/client-address";
import type { RouterContextProvider } from "react-router";
import { reportFailure } from "./report-failure.server.ts";
import { platformContext, requestContext } from "./request-context.server.ts";

/** The events of the page server's log. The guide to operations says what each means. */
type LogEvent =
  | "auth.action_failed"
  | "pages.load_failed"
  | "pages.render_failed"
  | "pages.request_refused";

/** More refusals in a minute of one server are only counted. */
const refusalsPerMinute = 100;
let refusals = { minute: 0, count: 0 };

/**
 * Logs that a request was refused before a page saw it, and from which address. Nothing of what was
 * sent.
 *
 * @param status says why: another origin (403), too large (413), or no form
 */
export function logPageRefusal(requestId: string, request: Request, status: number): void {
  const minute = Math.floor(Date.now() / 60_000);
  // Says at the next line how many lines are missing before it.
  const dropped = minute === refusals.minute ? 0 : refusals.count - refusalsPerMinute;
  if (minute !== refusals.minute) refusals = { minute, count: 0 };
  refusals.count += 1;
  if (refusals.count > refusalsPerMinute) return;
  const address = addressKey(request.headers.get("cf-connecting-ip") ?? "local");
  const event: LogEvent = "pages.request_refused";
  const missing = dropped > 0 && { dropped };
  console.log(JSON.stringify({ level: "info", event, requestId, address, status, ...missing }));
}

/**
 * Logs a failure of the page server as one line of JSON, and reports it to the API worker, whose log is
 * stored. The API logs its own failures, under its own request id.
 */
export function logFailure(
  context: Readonly<RouterContextProvider>,
  event: Exclude<LogEvent, "pages.request_refused">,
  error: unknown,
  pathname: string,
): void {
  const { id: requestId } = context.get(requestContext);
  const detail = error instanceof Error ? describe(error) : String(error);
  console.error(JSON.stringify({ level: "error", event, requestId, pathname, detail }));
  reportFailure(context.get(platformContext), { event, requestId, pathname, detail });
}

function describe(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\nCaused by: ${describe(error.cause)}` : own;
}
