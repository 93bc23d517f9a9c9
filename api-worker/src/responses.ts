import type { ErrorCode, ErrorData } from "./contracts/errors.ts";
import { transportCodes } from "./errors.ts";

/** On every answer of the API: never kept by a cache, never taken for another type. */
export function apiHeaders(requestId: string): Record<string, string> {
  return {
    "x-request-id": requestId,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}

interface ErrorOptions {
  /** In place of the code's own. */
  readonly httpStatus?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds until another try can succeed. */
  readonly retryAfterSeconds?: number | undefined;
}

/** A failure outside of tRPC, in the shape of tRPC's. */
export function errorResponse(
  code: ErrorCode,
  message: string,
  requestId: string,
  {
    httpStatus = transportCodes[code].httpStatus,
    headers = {},
    retryAfterSeconds,
  }: ErrorOptions = {},
): Response {
  const isLater = retryAfterSeconds !== undefined;
  const data: ErrorData = {
    errorCode: code,
    httpStatus,
    requestId,
    ...(isLater && { retryAfterSeconds }),
  };
  return Response.json(
    { error: { message, data } },
    {
      status: httpStatus,
      headers: {
        ...apiHeaders(requestId),
        ...(code === "UNAUTHENTICATED" && { "www-authenticate": "Bearer" }),
        ...(isLater && { "retry-after": String(retryAfterSeconds) }),
        ...headers,
      },
    },
  );
}
