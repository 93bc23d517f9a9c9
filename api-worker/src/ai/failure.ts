import { APICallError, LoadAPIKeyError } from "@ai-sdk/provider";
import {
  EmptyResponseBodyError,
  type FinishReason,
  InvalidResponseDataError,
  InvalidStreamPartError,
  JSONParseError,
  NoContentGeneratedError,
  NoOutputGeneratedError,
  RetryError,
  TypeValidationError,
} from "ai";
import type { FailureCode } from "../contracts/messages.ts";

/** Errors for an answer that began and is incomplete or unreadable. */
const brokenAnswerErrors = [
  EmptyResponseBodyError,
  InvalidResponseDataError,
  InvalidStreamPartError,
  JSONParseError,
  NoContentGeneratedError,
  NoOutputGeneratedError,
  TypeValidationError,
];

/** Messages of runtimes for a connection that ends mid-stream. None has an error type for it. */
const lostConnection = /connection (?:lost|closed|reset)|terminated|premature|socket|ECONNRESET/i;

/**
 * Classifies a model's failure for `errorCode`. Accepts anything that the AI SDK throws, rejects with,
 * or passes to `onError`. An abort of our own is not a failure: the caller checks the signal first.
 */
export function classifyFailure(error: unknown): FailureCode {
  if (RetryError.isInstance(error)) return classifyFailure(error.lastError);
  if (LoadAPIKeyError.isInstance(error)) return "key";
  if (brokenAnswerErrors.some((type) => type.isInstance(error))) return "cut";
  const facts = readFacts(error);
  if (facts.statusCode !== undefined) return classifyStatus(facts.statusCode, facts.text);
  if (APICallError.isInstance(error)) return "unavailable";
  if (facts.name === "TimeoutError") return "stalled";
  return lostConnection.test(facts.text) ? "cut" : "unavailable";
}

/**
 * Classifies a stream that ended without an error. A connection that was cut cleanly shows only here,
 * by its finish reason.
 *
 * @returns null for a complete answer
 */
export function failureOfFinish(finishReason: FinishReason): FailureCode | null {
  switch (finishReason) {
    case "stop":
    case "length":
    case "tool-calls":
      return null;
    case "content-filter":
      return "blocked";
    case "error":
    case "interrupted":
    case "other":
      return "cut";
  }
}

/**
 * Classifies an HTTP status, with Google's error body: Google answers a wrong key with 400, not 401.
 *
 * @see https://ai.google.dev/gemini-api/docs/troubleshooting
 */
function classifyStatus(statusCode: number, text: string): FailureCode {
  if (statusCode === 401 || statusCode === 403) return "key";
  if (statusCode === 402 || statusCode === 429) return "quota";
  if (statusCode === 408) return "stalled";
  if (statusCode === 413) return "too_long";
  if (statusCode >= 500) return "overloaded";
  // A successful status with a body that could not be read.
  if (statusCode < 300) return "cut";
  if (/API_KEY_INVALID|API key/i.test(text)) return "key";
  if (/token count|maximum number of tokens|context (?:length|window)/i.test(text))
    return "too_long";
  if (/safety|PROHIBITED_CONTENT|BLOCKLIST/i.test(text)) return "blocked";
  return "unavailable";
}

interface ErrorFacts {
  readonly name: string;
  readonly statusCode: number | undefined;
  /** The message and the provider's response body. */
  readonly text: string;
}

/** Reads the facts without checking a class: some providers send plain objects mid-stream. */
function readFacts(error: unknown): ErrorFacts {
  if (typeof error !== "object" || error === null) {
    return { name: "", statusCode: undefined, text: String(error) };
  }
  const fact = (key: string): unknown => (error as Record<string, unknown>)[key];
  const statusCode = fact("statusCode");
  return {
    name: String(fact("name") ?? ""),
    statusCode: typeof statusCode === "number" ? statusCode : undefined,
    text: `${fact("message") ?? ""} ${fact("responseBody") ?? ""}`,
  };
}
