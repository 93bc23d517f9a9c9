import type { FailureCode, MessageStatus } from "./messages.ts";

/** The sentence about a `failed` answer, by its errorCode: what happened, and what to do. */
export const failureSentences: Readonly<Record<FailureCode, string>> = {
  key: "The model provider rejected this site’s API key. Ask the administrator to check it.",
  quota: "The model’s quota is used up. Wait a minute and try again, or choose another model.",
  overloaded: "The model is overloaded. Try again in a moment, or choose another model.",
  blocked: "The provider’s safety filter blocked this answer. Try rephrasing your question.",
  stalled: "The model stopped responding. Try again.",
  cut: "The answer was cut off. The part above is saved. Try again.",
  too_long:
    "This conversation is too long for the model. Start a new chat or shorten your message.",
  length_limit: "This answer reached the maximum length. Ask for the rest in a new message.",
  time_limit: "This answer took too long. The part above is saved. Continue it or try again.",
  unavailable: "Can’t reach the model. Try again later, or choose another model.",
};

/** Failures that would repeat if the same answer continued. */
export const finalFailures: ReadonlySet<string | null | undefined> = new Set([
  "blocked",
  "too_long",
  "length_limit",
] satisfies FailureCode[]);

/** The sentence about an answer that ended early without a failure of the model. */
export const endSentences: Readonly<
  Record<Extract<MessageStatus, "stopped" | "interrupted">, string>
> = {
  stopped: "You stopped this answer.",
  interrupted: "The server was interrupted. The part above is saved.",
};
