import { data } from "react-router";
import { readError } from "./error-text.ts";

/** What a page's error boundary knows. */
export interface PageError {
  /** null: the page has its own words for the status. */
  readonly text: string | null;
  readonly requestId: string | null;
}

/**
 * Makes what an API call threw into an answer that reaches the error boundary: anything else that a
 * loader throws is hidden from the browser in production.
 *
 * @param requestId for a failure that the API gave no id
 */
export function toPageError(error: unknown, requestId: string | null = null) {
  const known = readError(error);
  // An id in the address that the API cannot read is an address without a page.
  if (known.errorCode === "INVALID") {
    return data({ text: null, requestId: null } satisfies PageError, { status: 404 });
  }
  const pageError: PageError = { text: known.text, requestId: known.requestId ?? requestId };
  return data(pageError, { status: known.httpStatus });
}
