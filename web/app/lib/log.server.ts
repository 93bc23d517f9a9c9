/**
 * Logs a failure of the page server as one line of JSON. The API logs its own failures, under its
 * own request id.
 *
 * @param event what failed
 */
export function logFailure(
  event: string,
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
