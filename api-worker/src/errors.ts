import type { TRPC_ERROR_CODE_KEY } from "@trpc/server";
import type { ErrorCode, ErrorData, RouteErrorCode } from "./contracts/errors.ts";

interface AppErrorOptions {
  /** Only for the log, never sent to a client. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Seconds until another try can succeed; with RATE_LIMITED. */
  readonly retryAfterSeconds?: number;
  /** The limit that is reached: `day` or `guests` with RATE_LIMITED, `storage` with TOO_LARGE. */
  readonly limit?: ErrorData["limit"];
  /** Problems by input path; with INVALID. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** An expected failure: a code of the closed set, and a sentence for the user. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly limit: ErrorData["limit"];
  readonly fields: Readonly<Record<string, string>> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.limit = options.limit;
    this.fields = options.fields;
  }
}

/** Maps codes to the transport. Exhaustive: a new code does not compile without an entry here. */
export const transportCodes = {
  UNAUTHENTICATED: { trpc: "UNAUTHORIZED", httpStatus: 401 },
  OTHER_VIEWER: { trpc: "CONFLICT", httpStatus: 409 },
  FORBIDDEN: { trpc: "FORBIDDEN", httpStatus: 403 },
  NOT_FOUND: { trpc: "NOT_FOUND", httpStatus: 404 },
  INVALID: { trpc: "BAD_REQUEST", httpStatus: 400 },
  CONFLICT: { trpc: "CONFLICT", httpStatus: 409 },
  RATE_LIMITED: { trpc: "TOO_MANY_REQUESTS", httpStatus: 429 },
  TOO_LARGE: { trpc: "PAYLOAD_TOO_LARGE", httpStatus: 413 },
  UPSTREAM_FAILED: { trpc: "BAD_GATEWAY", httpStatus: 502 },
  INTERNAL: { trpc: "INTERNAL_SERVER_ERROR", httpStatus: 500 },
} as const satisfies Record<ErrorCode, { trpc: TRPC_ERROR_CODE_KEY; httpStatus: number }>;

/**
 * The same for the routes outside tRPC, which have statuses that tRPC does not know. They carry the
 * number of the nearest code.
 */
export const routeCodes = {
  ...transportCodes,
  METHOD_NOT_ALLOWED: { trpc: "METHOD_NOT_SUPPORTED", httpStatus: 405 },
  GONE: { trpc: "NOT_FOUND", httpStatus: 410 },
} as const satisfies Record<RouteErrorCode, { trpc: TRPC_ERROR_CODE_KEY; httpStatus: number }>;

/** The one error for "does not exist" and "not yours", so that callers cannot tell them apart. */
export function notFound(
  what:
    | "chat"
    | "document"
    | "file"
    | "message"
    | "page"
    | "search"
    | "session"
    | "stream"
    | "token",
): AppError {
  return new AppError("NOT_FOUND", `This ${what} doesn’t exist or isn’t yours.`);
}

/** The error for what a session or token has opened, at its end. */
export function loggedOut(): AppError {
  return new AppError("UNAUTHENTICATED", "You have been logged out. Log in to continue.");
}
