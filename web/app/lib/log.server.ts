/** The events of the page server's log. The guide to operations says what each means. */
type LogEvent = "auth.action_failed" | "pages.load_failed" | "pages.render_failed";

/**
 * Logs a failure of the page server as one line of JSON. The API logs its own failures, under its
 * own request id.
 */
export function logFailure(
  event: LogEvent,
  requestId: string,
  error: unknown,
  pathname: string,
): void {
  const detail = error instanceof Error ? describe(error) : String(error);
  console.error(JSON.stringify({ level: "error", event, requestId, pathname, detail }));
}

function describe(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\nCaused by: ${describe(error.cause)}` : own;
}
