import { data } from "react-router";
import { readError } from "./error-text.ts";

/** What a page's error boundary knows. */
export interface PageError {
  readonly text: string;
  readonly requestId: string | null;
}

/**
 * Makes what an API call threw into an answer that reaches the error boundary: anything else that a
 * loader throws is hidden from the browser in production.
 */
export function toPageError(error: unknown) {
  const { text, httpStatus, requestId } = readError(error);
  return data({ text, requestId } satisfies PageError, { status: httpStatus });
}
