import type { ErrorCode, ErrorData } from "api-worker/contracts";

/** What the worker says of a failure, or undefined when the worker gave no answer at all. */
export function errorDataOf(error: unknown): ErrorData | undefined {
  const data = (error as { data?: Partial<ErrorData> | null } | null | undefined)?.data;
  return typeof data?.errorCode === "string" ? (data as ErrorData) : undefined;
}

/** The worker's code for a failure, or undefined when the worker gave no answer at all. */
export function errorCodeOf(error: unknown): ErrorCode | undefined {
  return errorDataOf(error)?.errorCode;
}

/** True when nobody can tell whether the worker did what was asked: the connection failed. */
export function isUnanswered(error: unknown): boolean {
  return errorDataOf(error) === undefined;
}

/** A sentence for the user: the worker's own, which is written for that, or one about the network. */
export function errorSentence(error: unknown): string {
  const data = errorDataOf(error);
  if (!data || !(error instanceof Error)) {
    return "The server cannot be reached. Check your connection and try again.";
  }
  if (data.errorCode !== "RATE_LIMITED" || data.retryAfterSeconds === undefined) {
    return error.message;
  }
  return `${error.message} Try again ${inAWhile(data.retryAfterSeconds)}.`;
}

function inAWhile(seconds: number): string {
  if (seconds < 90) return `in ${seconds} seconds`;
  if (seconds < 90 * 60) return `in ${Math.round(seconds / 60)} minutes`;
  return `in ${Math.round(seconds / 3600)} hours`;
}
