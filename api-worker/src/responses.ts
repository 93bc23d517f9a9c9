import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import type { ErrorData, RouteErrorCode } from "./contracts/errors.ts";
import { routeCodes } from "./errors.ts";

/** Headers of every response of the API: no cache keeps it, no browser guesses another type. */
export function apiHeaders(requestId: string): Record<string, string> {
  return {
    "x-request-id": requestId,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}

/**
 * Adds the headers that every response of the worker has, whichever code made it. A response that
 * has a header of its own keeps it.
 */
export function addSecurityHeaders({ headers }: Response, request: Request): void {
  for (const [name, value] of Object.entries({
    // A response that is opened in a window shows as a page that may do nothing.
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    ...(new URL(request.url).protocol === "https:" && {
      "strict-transport-security": "max-age=31536000; includeSubDomains",
    }),
  })) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

interface ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds until another try can succeed. */
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * A failure outside of tRPC, in the shape of tRPC's, so that its client reads one that comes before
 * the router. The status is the one of the code.
 */
export function errorResponse(
  code: RouteErrorCode,
  message: string,
  requestId: string,
  { headers = {}, retryAfterSeconds }: ErrorOptions = {},
): Response {
  const { httpStatus: status, trpc } = routeCodes[code];
  const isLater = retryAfterSeconds !== undefined;
  const data: ErrorData<RouteErrorCode> = {
    errorCode: code,
    httpStatus: status,
    requestId,
    ...(isLater && { retryAfterSeconds }),
  };
  return Response.json(
    { error: { message, code: TRPC_ERROR_CODES_BY_KEY[trpc], data } },
    {
      status,
      headers: {
        ...apiHeaders(requestId),
        ...(code === "UNAUTHENTICATED" && { "www-authenticate": "Bearer" }),
        ...(isLater && { "retry-after": String(retryAfterSeconds) }),
        ...headers,
      },
    },
  );
}

/**
 * A 405 with the address's methods in `Allow`, as HTTP requires.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
 */
export function methodNotAllowed(
  message: string,
  allowed: readonly string[],
  requestId: string,
): Response {
  return errorResponse("METHOD_NOT_ALLOWED", message, requestId, {
    headers: { allow: allowed.join(", ") },
  });
}
