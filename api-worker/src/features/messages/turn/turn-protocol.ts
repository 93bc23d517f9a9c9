/**
 * The calls between the worker and the chat's object. Results are values and not exceptions,
 * because an error's class is lost between the two.
 */
import type { MessagePart, ToolApproval } from "../../../contracts/message-parts.ts";
import type { MessageStatus } from "../../../contracts/messages.ts";
import type { DayLimitReached, TurnLimits } from "../../limits/quota.ts";
import type { StorageLimits } from "../../limits/storage.ts";
import type { TermsOfModels } from "../../models/terms.ts";
import type { Outcome } from "./chunks.ts";

/** A chat, and the shard with its owner's content. */
export interface TurnOwner {
  readonly contentShard: number;
  readonly userId: string;
  readonly chatId: string;
}

/** What every request for a turn has. */
interface RequestBase extends TurnOwner {
  /** The limits of the owner's day, and for a guest those of guests, that the turn counts against. */
  readonly dayLimits: TurnLimits;
  /** The limits of the owner's storage, which the turn must fit into. */
  readonly storage: StorageLimits;
  /** The models that the owner may use, and on what terms; older workers send none. */
  readonly models?: TermsOfModels | undefined;
  /** Whether the result should bring the answer, which saves the calls that would read it. */
  readonly isRead?: boolean;
}

/** Asks for an answer to a new message. */
export interface SendRequest extends RequestBase {
  readonly kind: "send";
  /** Without the AI SDK's types, which are too deep for the stub's type mapping. */
  readonly message: { readonly id: string; readonly parts: readonly MessagePart[] };
  /** undefined: after the shown leaf. null: as a first message. */
  readonly parentId?: string | null | undefined;
  readonly modelId?: string | undefined;
}

/** Asks to continue an answer that ended early. */
export interface ContinueRequest extends RequestBase {
  readonly kind: "continue";
  /** The answer to continue. */
  readonly messageId: string;
}

/** Asks for another answer beside a question's existing ones. */
export interface RegenerateRequest extends RequestBase {
  readonly kind: "regenerate";
  /** The question, or one of its answers. */
  readonly messageId: string;
  /** The model of that answer when left out. */
  readonly modelId?: string | undefined;
  /** Only while the chat ends in this question; the turn of its answer if it has been answered. */
  readonly onlyIfLast?: boolean | undefined;
}

/** Asks to continue an answer that waits for approval of its tool calls. */
export interface ApproveRequest extends RequestBase {
  readonly kind: "approve";
  /** The answer that waits. */
  readonly messageId: string;
  readonly approvals: readonly ToolApproval[];
}

/** Every request that can start a turn. */
export type TurnRequest = SendRequest | ContinueRequest | RegenerateRequest | ApproveRequest;

/** `streamId`, here and in results, is the turn's id under the name that clients know it by. */
export interface StartedTurn {
  readonly streamId: string;
  readonly assistantMessageId: string;
}

export type StartResult =
  /** The turn of the request, which may have been made before. */
  | {
      readonly kind: "started";
      readonly turn: StartedTurn;
      /** The live answer from its first chunk, if the request asked for it. */
      readonly stream?: ReadableStream;
    }
  /** The chat has a live answer. */
  | { readonly kind: "busy" }
  /** The chat or the message does not exist. */
  | { readonly kind: "missing"; readonly what: "chat" | "message" }
  /** The owner has used up a limit of the day. */
  | { readonly kind: "limited"; readonly limit: DayLimitReached }
  /** The owner's storage is full. */
  | { readonly kind: "full" }
  | {
      readonly kind: "invalid";
      readonly message: string;
      /** The input that the message is about. */
      readonly field?: "modelId";
    };

/** How a reader wants a turn: the chunks so far in one page, or a stream up to its end. */
export type ReadShape = "page" | "stream";

/** Consecutive chunks, as the JSON text of an array. */
export interface TurnPage {
  /** Number of the last chunk. */
  readonly lastSeq: number;
  /** Whether the chunk that ends the answer is included. */
  readonly isLast: boolean;
  readonly chunks: string;
}

export type ReadResult =
  /** The chunks so far, instead of a stream, because setting up a stream costs as much again. */
  | { readonly kind: "page"; readonly streamId: string; readonly page: TurnPage }
  | { readonly kind: "stream"; readonly streamId: string; readonly stream: ReadableStream }
  /** No turn was named, and none is live. */
  | { readonly kind: "none" }
  /** The reader has the terminal chunk, and so the whole turn. */
  | { readonly kind: "whole" }
  /** Not a turn of this chat, or one that only the archive has. In any case it is not live. */
  | { readonly kind: "unknown" }
  /** The reader's position is past the end. */
  | { readonly kind: "past-end" };

export type StopResult =
  | { readonly kind: "ended"; readonly status: MessageStatus }
  | { readonly kind: "none" };

/** The state of a turn whose message is still open in D1. */
export type SettledTurn =
  | { readonly kind: "live" }
  | { readonly kind: "none" }
  | (Outcome & {
      readonly kind: "ended";
      readonly finishedAt: number | null;
      /** JSON, like the column in D1. */
      readonly parts: string;
    });

/** What an object knows of a turn that D1 takes for one in progress. */
export type TurnState =
  | {
      readonly kind: "live";
      /** Durable chunks so far. */
      readonly chunks: number;
      /** Connections that read it now. */
      readonly readers: number;
    }
  /** It has ended, and D1 will get its end, or D1 refuses its end. */
  | { readonly kind: "ending" }
  | { readonly kind: "parked"; readonly reason: string };

/** A turn whose end D1 refuses for good. Its answer is read from the object. */
export interface ParkedTurn {
  readonly turnId: string;
  /** D1's error. */
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** The state of a parked turn after another attempt. */
export type RetryResult =
  /** D1 has the end. */
  | { readonly kind: "delivered" }
  /** D1 could not be reached. The object keeps retrying. */
  | { readonly kind: "waiting" }
  /** D1 refused it again. */
  | ({ readonly kind: "parked" } & ParkedTurn)
  /** There is no such turn, or it is not parked. */
  | { readonly kind: "none" };

/** One event for a reader. */
export interface StreamLine {
  /** Number of the last chunk in `chunks`. */
  readonly lastSeq: number;
  /** Whether the chunk that ends the answer is included. Any other end is a broken connection. */
  readonly isLast: boolean;
  /** AI SDK chunks. */
  readonly chunks: readonly { readonly type: string; readonly [key: string]: unknown }[];
}

const encoder = new TextEncoder();

/** Encodes a page as a line of the stream, without parsing its chunks. */
export function encodeLine({ lastSeq, isLast, chunks }: TurnPage): Uint8Array {
  return encoder.encode(`{"lastSeq":${lastSeq},"isLast":${isLast},"chunks":${chunks}}\n`);
}

/**
 * Reads lines from the object's byte stream. Ends when the stream ends. An incomplete last line is
 * dropped, because the reader asks for it again. Leaving the loop cancels the stream.
 *
 * @param signal cancels the stream, so that the object learns that the reader has gone
 */
export async function* decodeLines(
  stream: ReadableStream,
  signal?: AbortSignal,
): AsyncGenerator<StreamLine> {
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  const leave = () => void reader.cancel().catch(() => undefined);
  signal?.addEventListener("abort", leave);
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as StreamLine;
    }
  } finally {
    signal?.removeEventListener("abort", leave);
    await reader.cancel().catch(() => undefined);
  }
}
