import type { ErrorData } from "api-worker/contracts/errors";

import { momentText } from "./moment-text.ts";

/** A longer wait, in seconds, is one that the user has to know about. */
const busyMax = 2;

/** What is known about a failure of any kind. */
export interface KnownError {
  /** null when there was no response, or one that is not from our API. */
  readonly errorCode: ErrorData["errorCode"] | null;
  /** A sentence for the user, with the next step. */
  readonly text: string;
  readonly httpStatus: number;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  /** Whether a limit of the day or the month is used up. */
  readonly isDayUsed: boolean;
  /** Whether what the viewer stores has reached its limit. */
  readonly isStorageFull: boolean;
  /** Problems of the input by field path. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Reads a failed API call. Recognises errors by their shape, so that pages can use it without
 * loading the API's client.
 *
 * @param error what a tRPC call threw, or anything else
 */
export function readError(error: unknown): KnownError {
  const data = errorData(error);
  if (!data) {
    return {
      errorCode: null,
      text: "Can’t reach the server. Check your connection and try again.",
      httpStatus: 502,
      requestId: null,
      retryAfterSeconds: null,
      isDayUsed: false,
      isStorageFull: false,
      fields: {},
    };
  }
  return {
    errorCode: data.errorCode,
    text: sentence(data, error instanceof Error ? error.message : ""),
    httpStatus: data.httpStatus,
    requestId: data.requestId,
    retryAfterSeconds: data.retryAfterSeconds ?? null,
    isDayUsed: data.limit !== undefined && data.limit !== "storage",
    isStorageFull: data.limit === "storage",
    fields: data.fields ?? {},
  };
}

/**
 * Whether the outcome of a call is unknown: there was no response, or the server failed in the
 * middle of it.
 */
export function isUnsettled(error: unknown): boolean {
  const { errorCode } = readError(error);
  return errorCode === null || errorCode === "INTERNAL" || errorCode === "UPSTREAM_FAILED";
}

/**
 * Whether a call was one too many of those that run at once, so that another try in a moment can
 * succeed.
 */
export function isBusy(error: unknown): boolean {
  const { errorCode, retryAfterSeconds } = readError(error);
  return errorCode === "RATE_LIMITED" && retryAfterSeconds !== null && retryAfterSeconds <= busyMax;
}

/** Whether a thing is not there, or not any more: another tab or device may have deleted it. */
export function isGone(error: unknown): boolean {
  return readError(error).errorCode === "NOT_FOUND";
}

/** Only the sentence, to show beside a button. */
export function errorText(error: unknown): string {
  return readError(error).text;
}

/**
 * Formats a wait: "in 40 seconds", "in 2 minutes".
 *
 * @param seconds rounded up, so that a try at that time is not too early
 */
export function waitText(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 90) return whole === 1 ? "in 1 second" : `in ${whole} seconds`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 90 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}

/**
 * The API's messages are written for users. This adds when to try again, and the request id to
 * report.
 */
function sentence(data: ErrorData, message: string): string {
  switch (data.errorCode) {
    case "RATE_LIMITED":
      if (data.limit === "guests" && data.retryAfterSeconds !== undefined) {
        return `Guests have reached today’s limit. It resets ${dayEnd(data.retryAfterSeconds)}.`;
      }
      if (data.limit === "site" && data.retryAfterSeconds !== undefined) {
        return `Today’s budget of this site is used up. It resets ${dayEnd(data.retryAfterSeconds)}. An administrator can raise it.`;
      }
      if (data.limit === "day-budget" && data.retryAfterSeconds !== undefined) {
        return `You’ve used up today’s budget. It resets ${dayEnd(data.retryAfterSeconds)}.`;
      }
      if (data.limit === "month-budget" && data.retryAfterSeconds !== undefined) {
        return `You’ve used up this month’s budget. It resets ${dayEnd(data.retryAfterSeconds)}.`;
      }
      if (data.limit === "day" && data.retryAfterSeconds !== undefined) {
        return `You’ve reached today’s limit. It resets ${dayEnd(data.retryAfterSeconds)}.`;
      }
      return data.retryAfterSeconds === undefined
        ? message
        : `Too many attempts. Try again ${waitText(data.retryAfterSeconds)}.`;
    case "INTERNAL":
      return `${message} If it keeps happening, report this ID: ${data.requestId}`;
    default:
      return message;
  }
}

/** In the user's local time, to the minute, because the clocks may differ. */
function dayEnd(retryAfterSeconds: number): string {
  const nowMs = Date.now();
  const minuteMs = 60_000;
  const endMs = Math.round((nowMs + retryAfterSeconds * 1000) / minuteMs) * minuteMs;
  return momentText(endMs, nowMs);
}

function errorData(error: unknown): ErrorData | null {
  if (typeof error !== "object" || error === null || !("data" in error)) return null;
  const { data } = error;
  const isErrorData = typeof data === "object" && data !== null && "errorCode" in data;
  return isErrorData ? (data as ErrorData) : null;
}
