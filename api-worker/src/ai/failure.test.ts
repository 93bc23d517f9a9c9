import { APICallError, JSONParseError, LoadAPIKeyError } from "@ai-sdk/provider";
import { NoOutputGeneratedError, RetryError, StreamProviderError } from "ai";
import { expect, test } from "vitest";
import { failureSentences } from "../contracts/failures.ts";
import { failureCodes } from "../contracts/messages.ts";
import { classifyFailure, failureOfFinish } from "./failure.ts";

const answered = (statusCode: number | undefined, responseBody = "", message = "no") =>
  new APICallError({
    message,
    responseBody,
    url: "https://provider.test/",
    requestBodyValues: {},
    ...(statusCode === undefined ? {} : { statusCode }),
  });

test.each([
  ["a refused key", answered(401), "key"],
  ["a denied project", answered(403), "key"],
  ["Google's invalid key", answered(400, '{"reason":"API_KEY_INVALID"}'), "key"],
  ["no key at all", new LoadAPIKeyError({ message: "missing" }), "key"],
  ["a used-up quota", answered(429), "quota"],
  ["an unpaid bill", answered(402), "quota"],
  ["an overload", answered(503), "overloaded"],
  ["an error inside the provider", answered(500), "overloaded"],
  ["a blocked prompt", answered(400, "", "Blocked: PROHIBITED_CONTENT"), "blocked"],
  ["too many tokens", answered(400, "", "The input token count exceeds the maximum"), "too_long"],
  ["too large a body", answered(413), "too_long"],
  ["a slow request", answered(408), "stalled"],
  ["our own time limit", new DOMException("late", "TimeoutError"), "stalled"],
  ["a model that is gone", answered(404), "unavailable"],
  ["another bad request", answered(400), "unavailable"],
  ["no connection", answered(undefined, "", "Cannot connect to API: socket"), "unavailable"],
  ["a good status with rubbish", answered(200), "cut"],
  ["broken JSON", new JSONParseError({ text: "{", cause: new Error("end") }), "cut"],
  ["nothing", new NoOutputGeneratedError(), "cut"],
  ["a lost connection", new Error("Network connection lost."), "cut"],
  [
    "an error in mid-stream",
    new StreamProviderError({ message: "x", statusCode: 503 }),
    "overloaded",
  ],
  ["a plain error in mid-stream", { message: "x", statusCode: 429 }, "quota"],
  [
    "the last of many tries",
    new RetryError({
      message: "failed",
      reason: "maxRetriesExceeded",
      errors: [answered(503), answered(429)],
    }),
    "quota",
  ],
  ["anything else", new Error("boom"), "unavailable"],
  ["a string", "boom", "unavailable"],
  ["nothing thrown", undefined, "unavailable"],
])("%s", (_name, error, expected) => {
  expect(classifyFailure(error)).toBe(expected);
});

test.each([
  ["stop", null],
  ["length", null],
  ["tool-calls", null],
  ["content-filter", "blocked"],
  ["interrupted", "cut"],
  ["error", "cut"],
  ["other", "cut"],
] as const)("a stream that finishes with %j fails as %j", (finishReason, expected) => {
  expect(failureOfFinish(finishReason)).toBe(expected);
});

test("every failure has its own sentence that names a next step", () => {
  const sentences = failureCodes.map((code) => failureSentences[code]);
  expect(new Set(sentences).size).toBe(failureCodes.length);
  for (const sentence of sentences) expect(sentence.split(". ").length).toBeGreaterThan(1);
});
