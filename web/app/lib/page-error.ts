import { data } from "react-router";
import { readError } from "./error-text.ts";

/** The data of an error boundary. */
export interface PageError {
  /** null when the page has its own text for the status. */
  readonly text: string | null;
  readonly requestId: string | null;
}

/**
 * Converts an error of an API call to a response that reaches the error boundary. In production
 * anything else that a loader throws is hidden from the browser.
 *
 * @param requestId for an error to which the API gave no id
 */
export function toPageError(error: unknown, requestId: string | null = null) {
  const known = readError(error);
  // If the API cannot parse the id in an address, no page has that address.
  if (known.errorCode === "INVALID") {
    return data({ text: null, requestId: null } satisfies PageError, { status: 404 });
  }
  const pageError: PageError = { text: known.text, requestId: known.requestId ?? requestId };
  return data(pageError, { status: known.httpStatus });
}
