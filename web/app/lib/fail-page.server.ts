import type { RouterContextProvider } from "react-router";
import { readError } from "./error-text.ts";
import { logFailure } from "./log.server.ts";
import { toPageError } from "./page-error.ts";
import { requestContext } from "./request-context.server.ts";

/**
 * Converts an error of an API call to the error page, for loaders and middleware. Logs failures of
 * the server.
 *
 * @throws always: the response for the error boundary
 */
export function failPage(
  error: unknown,
  { url, context }: { url: URL; context: Readonly<RouterContextProvider> },
): never {
  const { id } = context.get(requestContext);
  if (readError(error).httpStatus >= 500) {
    logFailure(context, "pages.load_failed", error, url.pathname);
  }
  throw toPageError(error, id);
}
