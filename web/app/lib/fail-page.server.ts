import type { RouterContextProvider } from "react-router";
import { readError } from "./error-text.ts";
import { logFailure } from "./log.server.ts";
import { toPageError } from "./page-error.ts";
import { requestContext } from "./request-context.server.ts";

/**
 * For loaders and middleware: makes what an API call threw into the error page, and logs it when it is
 * nobody's mistake.
 *
 * @throws the answer for the error boundary, always
 */
export function failPage(
  error: unknown,
  { url, context }: { url: URL; context: Readonly<RouterContextProvider> },
): never {
  const { id } = context.get(requestContext);
  if (readError(error).httpStatus >= 500) logFailure("page", id, error, url.pathname);
  throw toPageError(error, id);
}
