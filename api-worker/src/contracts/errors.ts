/** The closed set of errors that a procedure can fail with, whatever the transport. Imports nothing. */
export const errorCodes = [
  "UNAUTHENTICATED",
  /** The browser is logged in as another user than the one that the page shows. */
  "OTHER_VIEWER",
  "FORBIDDEN",
  "NOT_FOUND",
  "INVALID",
  "CONFLICT",
  "RATE_LIMITED",
  "TOO_LARGE",
  "UPSTREAM_FAILED",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Errors of the routes outside tRPC (open streams and files). No procedure has them. */
export type RouteErrorCode = ErrorCode | "METHOD_NOT_ALLOWED" | "GONE";

/** The content of `error.data` in every error. `error.message` is written for the user. */
export interface ErrorData<Code extends RouteErrorCode = ErrorCode> {
  readonly errorCode: Code;
  readonly httpStatus: number;
  /** Also in the `x-request-id` header and in the log. */
  readonly requestId: string;
  /** With RATE_LIMITED: seconds until another try can succeed. */
  readonly retryAfterSeconds?: number;
  /**
   * `day` with RATE_LIMITED: the viewer's daily limit is used up; `day-budget` and `month-budget`: what
   * the viewer's answers may cost in a day or a month. `guests` with RATE_LIMITED: that of
   * the guests of an address, or of all guests; `site`: that of all users together. `storage` with TOO_LARGE: what the viewer stores has
   * reached its limit.
   */
  readonly limit?: "day" | "day-budget" | "month-budget" | "guests" | "site" | "storage";
  /** With INVALID: problems by the input's path ("message.parts.0.text"). */
  readonly fields?: Readonly<Record<string, string>>;
}
