/** Logs what the worker refuses, in one place for all routes. */
import type { AppError } from "./errors.ts";
import { OriginRefusal } from "./features/auth/origin.ts";
import { TokenRefusal } from "./features/auth/token/token-refusal.ts";
import type { LogEvent } from "./platform/log-events.ts";
import { type EventSource, logSecurityEvent } from "./platform/security-log.ts";

/** What was asked for. Names that the code knows, never text of the client. */
export interface Asked {
  readonly route: "trpc" | "files" | "packages" | "streams" | "health" | "ready" | "other";
  readonly method: string;
  /** A procedure of the router; null outside tRPC, and for one that does not exist. */
  readonly procedure?: string | null;
}

/**
 * Logs a refusal that says something about the client: the client may not do this, or does too much
 * of it, or too often. Wrong input and conflicts are no such thing.
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

/** A method by its name; "other" for a text that a client made up. */
export function knownMethod(method: string): string {
  return methods.has(method) ? method : "other";
}
