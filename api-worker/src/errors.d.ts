import type { ErrorCode } from "./contracts/errors.ts";

interface AppErrorOptions {
  /** For the log alone: never sent to a client. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Seconds until another try can succeed; with RATE_LIMITED. */
  readonly retryAfterSeconds?: number;
  /** What is wrong, by input path; with INVALID. */
  readonly fields?: Readonly<Record<string, string>>;
}
/** An expected failure: a code of the closed set, and a sentence that the user may read. */
export declare class AppError extends Error {
  readonly name = "AppError";
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: Readonly<Record<string, string>> | undefined;
  constructor(code: ErrorCode, message: string, options?: AppErrorOptions);
}
/** The map to the transport. Exhaustive: a new code does not compile until it has a place here. */
export declare const transportCodes: {
  readonly UNAUTHENTICATED: {
    readonly trpc: "UNAUTHORIZED";
    readonly httpStatus: 401;
  };
  readonly FORBIDDEN: {
    readonly trpc: "FORBIDDEN";
    readonly httpStatus: 403;
  };
  readonly NOT_FOUND: {
    readonly trpc: "NOT_FOUND";
    readonly httpStatus: 404;
  };
  readonly INVALID: {
    readonly trpc: "BAD_REQUEST";
    readonly httpStatus: 400;
  };
  readonly CONFLICT: {
    readonly trpc: "CONFLICT";
    readonly httpStatus: 409;
  };
  readonly RATE_LIMITED: {
    readonly trpc: "TOO_MANY_REQUESTS";
    readonly httpStatus: 429;
  };
  readonly TOO_LARGE: {
    readonly trpc: "PAYLOAD_TOO_LARGE";
    readonly httpStatus: 413;
  };
  readonly UPSTREAM_FAILED: {
    readonly trpc: "BAD_GATEWAY";
    readonly httpStatus: 502;
  };
  readonly INTERNAL: {
    readonly trpc: "INTERNAL_SERVER_ERROR";
    readonly httpStatus: 500;
  };
};
/** The one answer for "not there" and "not yours": who may not know cannot tell them apart. */
export declare function notFound(what: "chat" | "message" | "session" | "page"): AppError;
