/** Logs what the worker refuses, in one place for all routes. */
import type { Context } from "./context.ts";
import type { AppError } from "./errors.ts";
import { OriginRefusal } from "./features/auth/origin.ts";
import { TokenRefusal } from "./features/auth/token/token-refusal.ts";
import type { LogEvent } from "./platform/log-events.ts";
import { type EventSource, logSecurityEvent } from "./platform/security-log.ts";

/** What was asked for. Names that the code knows, never text of the client. */
export interface Asked {
  readonly route: "trpc" | "files" | "streams" | "other";
  readonly method: string;
  /** A procedure of the router; null outside tRPC, and for one that does not exist. */
  readonly procedure?: string | null;
}

/**
 * Logs a refusal that says something about the client: who may not do this, or too much, or too
 * often. Wrong input and conflicts are no such thing.
 */
export function logRefusal(source: EventSource, error: AppError, asked: Asked): void {
  const event = eventOf(error, asked);
  if (!event) return;
  const { method, procedure = null, route } = asked;
  const { code: errorCode, limit, detail } = error;
  const what = { route, method: knownMethod(method), procedure, errorCode, limit };
  const token = error instanceof TokenRefusal ? error.facts : {};
  logSecurityEvent(source, event, {
    ...what,
    ...(detail !== undefined && limit && { reached: detail }),
    ...token,
  });
}

/** The same for a response that a route has made without an error. */
export function logRefusedStatus(
  { log, request }: Pick<Context, "log" | "request">,
  { status }: Response,
  { method, route }: Asked,
): void {
  const event = statusEvents.get(status);
  if (!event) return;
  logSecurityEvent({ log, request }, event, { route, method: knownMethod(method), status });
}

const statusEvents: ReadonlyMap<number, LogEvent> = new Map<number, LogEvent>([
  [401, "request.access_refused"],
  [403, "request.access_refused"],
  [404, "request.access_refused"],
  [413, "request.size_refused"],
  [429, "request.rate_refused"],
]);

function eventOf(error: AppError, { procedure }: Asked): LogEvent | null {
  if (error instanceof OriginRefusal) return "request.origin_refused";
  if (error instanceof TokenRefusal) return "request.token_refused";
  switch (error.code) {
    case "TOO_LARGE":
      return "request.size_refused";
    case "RATE_LIMITED":
      return error.limit ? "limits.day_reached" : "request.rate_refused";
    case "UNAUTHENTICATED":
      // A wrong password has an event of its own.
      return procedure === "auth.logIn" ? null : "request.access_refused";
    case "FORBIDDEN":
    case "NOT_FOUND":
      return "request.access_refused";
    default:
      return null;
  }
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function knownMethod(method: string): string {
  return methods.has(method) ? method : "other";
}
