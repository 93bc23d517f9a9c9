import type { ErrorData } from "api-worker/contracts/errors";
import { describe, expect, test, vi } from "vitest";
import { errorText, isBusy, readError, waitText } from "./error-text.ts";

function apiError(message: string, data: Partial<ErrorData>): Error {
  const full: ErrorData = {
    errorCode: "INVALID",
    httpStatus: 400,
    requestId: "request-1",
    ...data,
  };
  return Object.assign(new Error(message), { data: full });
}

describe("readError", () => {
  test("keeps the sentence that the API wrote for the reader", () => {
    const error = apiError("Incorrect email or password.", {
      errorCode: "UNAUTHENTICATED",
      httpStatus: 401,
    });
    expect(errorText(error)).toBe("Incorrect email or password.");
    expect(readError(error)).toMatchObject({ httpStatus: 401, requestId: "request-1" });
  });

  test("says when to try again", () => {
    const error = apiError("Too many tries.", { errorCode: "RATE_LIMITED", retryAfterSeconds: 42 });
    expect(errorText(error)).toContain("in 42 seconds");
    expect(readError(error).retryAfterSeconds).toBe(42);
  });

  test("a daily limit resets at a time on the reader's own clock", () => {
    const nowMs = new Date(2026, 4, 1, 20, 59, 30).getTime();
    vi.useFakeTimers({ now: nowMs });
    const error = apiError("You have used the 20 messages.", {
      errorCode: "RATE_LIMITED",
      limit: "day",
      retryAfterSeconds: 2 * 3_600 + 28,
    });
    const said = errorText(error).replaceAll(/\s/g, " ");
    vi.useRealTimers();
    expect(said).toBe("You’ve reached today’s limit. It resets at 11:00 PM.");
    expect(readError(error).isDayUsed).toBe(true);
  });

  test("a limit of guests says whose it is, and counts as one of the day", () => {
    const error = apiError("Guests on your network have reached today’s limit.", {
      errorCode: "RATE_LIMITED",
      limit: "guests",
      retryAfterSeconds: 3_600,
    });
    expect(errorText(error)).toMatch(/^Guests have reached today’s limit. It resets /);
    expect(readError(error).isDayUsed).toBe(true);
  });

  test("the budget of the site counts as a limit of the day too", () => {
    const error = apiError("Today’s budget of this site is used up.", {
      errorCode: "RATE_LIMITED",
      limit: "site",
      retryAfterSeconds: 3_600,
    });
    expect(errorText(error)).toMatch(/^Today’s budget of this site is used up. It resets /);
    expect(readError(error).isDayUsed).toBe(true);
  });

  test("a budget says what is used up and when it comes back", () => {
    const budget = (limit: "day-budget" | "month-budget") =>
      apiError("Sign up to keep chatting, or come back on May 1 (UTC).", {
        errorCode: "RATE_LIMITED",
        limit,
        retryAfterSeconds: 3_600,
      });
    expect(errorText(budget("day-budget"))).toMatch(/^You’ve used up today’s budget. It resets /);
    const month = errorText(budget("month-budget"));
    expect(month).toMatch(/^You’ve used up this month’s budget. It resets /);
    // The page offers an account beside it.
    expect(month).not.toContain("Sign up");
    expect(readError(budget("month-budget")).isDayUsed).toBe(true);
  });

  test("a limit without a time keeps the API's sentence", () => {
    expect(errorText(apiError("Slow down.", { errorCode: "RATE_LIMITED" }))).toBe("Slow down.");
  });

  test("keeps the sentence about a server failure, and adds the request id", () => {
    const error = apiError("The upload took too long.", { errorCode: "INTERNAL" });
    expect(errorText(error)).toBe(
      "The upload took too long. If it keeps happening, report this ID: request-1",
    );
  });

  test("reports the problem of each field", () => {
    const error = apiError("Use at least 8 characters.", {
      fields: { password: "Use at least 8 characters." },
    });
    expect(readError(error).fields).toEqual({ password: "Use at least 8 characters." });
  });

  test.each([
    ["a lost connection", new TypeError("Failed to fetch")],
    ["an answer that is not the API's", Object.assign(new Error("x"), { data: { code: 1 } })],
    ["an error without data", Object.assign(new Error("x"), { data: undefined })],
    ["nothing", undefined],
  ])("%s shows nothing of the inside", (_, error) => {
    expect(readError(error)).toMatchObject({ errorCode: null, requestId: null, fields: {} });
    expect(errorText(error)).toBe("Can’t reach the server. Check your connection and try again.");
  });
});

test.each([
  [0, "in 1 second"],
  [1, "in 1 second"],
  [1.2, "in 2 seconds"],
  [60, "in 60 seconds"],
  [90, "in 2 minutes"],
  [121, "in 3 minutes"],
  [3_600, "in 60 minutes"],
  [7_201, "in 3 hours"],
])("%d seconds are %s, never too early", (seconds, text) => {
  expect(waitText(seconds)).toBe(text);
});

test("only a refusal that ends in a moment is worth another try", () => {
  const refusal = (data: Partial<ErrorData>) => isBusy(apiError("Too many.", data));
  expect(refusal({ errorCode: "RATE_LIMITED", retryAfterSeconds: 1 })).toBe(true);
  expect(refusal({ errorCode: "RATE_LIMITED", retryAfterSeconds: 60 })).toBe(false);
  expect(refusal({ errorCode: "RATE_LIMITED" })).toBe(false);
  expect(refusal({ errorCode: "CONFLICT", retryAfterSeconds: 1 })).toBe(false);
  expect(isBusy(new Error("offline"))).toBe(false);
});
