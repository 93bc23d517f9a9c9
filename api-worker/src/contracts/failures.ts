import type { FailureCode, MessageStatus } from "./messages.ts";

/** The sentence about a `failed` answer, by its errorCode: what happened, and what to do. */
export const failureSentences: Readonly<Record<FailureCode, string>> = {
  key: "The model provider refused this site's key. Ask the person who runs it to check the key.",
  quota:
    "The model's quota is used up for now. Wait a minute and try again, or choose another model.",
  overloaded: "The model is overloaded at the moment. Try again shortly, or choose another model.",
  blocked: "The provider's safety rules blocked this answer. Put the question in another way.",
  stalled: "The model stopped sending in the middle of its work. Try again.",
  cut: "The answer broke off before its end. What came is kept. Try again.",
  too_long:
    "This conversation is too long for the model. Start a new chat, or shorten the message.",
  length_limit:
    "This answer has reached the greatest length that this site allows. Ask for the rest in a new message.",
  time_limit:
    "This answer took longer than this site allows. What came is kept. Continue it, or try again.",
  unavailable: "The model can't be reached. Try again later, or choose another model.",
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
  interrupted: "The server was interrupted here. What came is kept.",
};
