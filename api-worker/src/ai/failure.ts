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

/** Errors that say: the provider began to answer, and what came is not a whole answer. */
const brokenAnswerErrors = [
  EmptyResponseBodyError,
  InvalidResponseDataError,
  InvalidStreamPartError,
  JSONParseError,
  NoContentGeneratedError,
  NoOutputGeneratedError,
  TypeValidationError,
];

/** How runtimes word a connection that ends in mid-stream; none gives it a type. */
const lostConnection = /connection (?:lost|closed|reset)|terminated|premature|socket|ECONNRESET/i;

/**
 * Says why a model failed, for `errorCode` and the sentence made from it. Takes what the AI SDK
 * throws, rejects with, or hands to `onError`. An abort by us is no failure: ask the signal first.
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
 * Says whether a stream that ended without an error is a failure nevertheless: `null` for a whole
 * answer. A connection that is cut cleanly shows only here, as a missing finish reason.
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
 * HTTP status and Google's error body (https://ai.google.dev/gemini-api/docs/troubleshooting):
 * a wrong key is a 400 there, not a 401.
 */
function classifyStatus(statusCode: number, text: string): FailureCode {
  if (statusCode === 401 || statusCode === 403) return "key";
  if (statusCode === 402 || statusCode === 429) return "quota";
  if (statusCode === 408) return "stalled";
  if (statusCode === 413) return "too_long";
  if (statusCode >= 500) return "overloaded";
  // The status was good and the answer could not be read.
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
  /** The message and the provider's body. */
  readonly text: string;
}

/** Errors in mid-stream are plain objects in some providers, so no class is asked for. */
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
