/**
 * Writes a failure of the page server to the log, as one line of JSON. What failed in the API is in the API's log,
 * under its own request id.
 *
 * @param event what was going on
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
