/**
 * What the chat object and the worker say to each other. Results are values, not exceptions:
 * an error class does not survive the way between them.
 */
import type { MessagePart, ToolApproval } from "../../../contracts/message-parts.ts";
import type { MessageStatus } from "../../../contracts/messages.ts";
import type { Outcome } from "./chunks.ts";

/** Which chat, and where its owner's content is. */
export interface TurnOwner {
  readonly contentShard: number;
  readonly userId: string;
  readonly chatId: string;
}

/** A message that is to be answered. */
export interface SendRequest extends TurnOwner {
  readonly kind: "send";
  /** Without the AI SDK's types, which are too deep for the stub's type mapping. */
  readonly message: { readonly id: string; readonly parts: readonly MessagePart[] };
  /** undefined: after the shown leaf. null: as a first message. */
  readonly parentId?: string | null | undefined;
  readonly modelId?: string | undefined;
}

/** An answer that ended early, and is to go on. */
export interface ContinueRequest extends TurnOwner {
  readonly kind: "continue";
  /** The answer that goes on. */
  readonly messageId: string;
}

/** A question that is to be answered again, beside the answers that it has. */
export interface RegenerateRequest extends TurnOwner {
  readonly kind: "regenerate";
  /** The question, or one of its answers. */
  readonly messageId: string;
  /** The model of that answer when left out. */
  readonly modelId?: string | undefined;
}

/** An answer that has asked whether it may call its tools, and is to go on. */
export interface ApproveRequest extends TurnOwner {
  readonly kind: "approve";
  /** The answer that asks. */
  readonly messageId: string;
  readonly approvals: readonly ToolApproval[];
}

/** All that can start a turn. */
export type TurnRequest = SendRequest | ContinueRequest | RegenerateRequest | ApproveRequest;

/** `streamId`, here and in results, is the turn's id under the name that clients know it by. */
export interface StartedTurn {
  readonly streamId: string;
  readonly assistantMessageId: string;
}

export type StartResult =
  | {
      readonly kind: "started";
      readonly turn: StartedTurn;
      /** The same wish was granted before, and this is its turn. */
      readonly isRepeat?: true;
    }
  /** Another answer of this chat is under way. */
  | { readonly kind: "busy" }
  /** The chat or the parent is not there. */
  | { readonly kind: "missing"; readonly what: "chat" | "message" }
  | { readonly kind: "invalid"; readonly message: string };

/** What a reader wants of a turn: what there is at once, or everything until its end. */
export type ReadShape = "page" | "stream";

/** Chunks that follow each other, as JSON text of an array. */
export interface TurnPage {
  /** Number of the last chunk. */
  readonly lastSeq: number;
  /** With the chunk that ends the answer. */
  readonly isLast: boolean;
  readonly chunks: string;
}

export type ReadResult =
  /** All that there is by now, in place of a stream: a stream costs as much again to set up. */
  | { readonly kind: "page"; readonly streamId: string; readonly page: TurnPage }
  | { readonly kind: "stream"; readonly streamId: string; readonly stream: ReadableStream }
  /** No turn was named, and none is live. */
  | { readonly kind: "none" }
  /** The reader has the terminal chunk, and so everything. */
  | { readonly kind: "whole" }
  /** Not a turn of this chat, or one whose log has gone to the archive. It is not live. */
  | { readonly kind: "unknown" }
  /** The reader claims to have more than there is. */
  | { readonly kind: "past-end" };

export type StopResult =
  | { readonly kind: "ended"; readonly status: MessageStatus }
  | { readonly kind: "none" };

/** How a turn stands whose message is still open in D1. */
export type SettledTurn =
  | { readonly kind: "live" }
  | { readonly kind: "none" }
  | (Outcome & {
      readonly kind: "ended";
      readonly finishedAt: number | null;
      /** JSON, like the column in D1. */
      readonly parts: string;
    });

/** A turn whose end D1 refuses for good. Its answer is read from the object. */
export interface ParkedTurn {
  readonly turnId: string;
  /** D1's error. */
  readonly reason: string;
  /** Epoch ms. */
  readonly since: number;
}

/** How a parked turn stands after another try. */
export type RetryResult =
  /** D1 has the end. */
  | { readonly kind: "delivered" }
  /** D1 could not be reached; it is tried on by itself. */
  | { readonly kind: "waiting" }
  /** Refused again. */
  | ({ readonly kind: "parked" } & ParkedTurn)
  /** There is no such turn, or it is not parked. */
  | { readonly kind: "none" };

/** One event on its way to a reader. */
export interface StreamLine {
  /** Number of the last chunk in `chunks`. */
  readonly lastSeq: number;
  /** With the chunk that ends the answer. Anything else that ends is a broken connection. */
  readonly isLast: boolean;
  /** UIMessageChunks. */
  readonly chunks: readonly { readonly type: string; readonly [key: string]: unknown }[];
}

const encoder = new TextEncoder();

/** A page as a line of the stream; its chunks are passed on as they are. */
export function encodeLine({ lastSeq, isLast, chunks }: TurnPage): Uint8Array {
  return encoder.encode(`{"lastSeq":${lastSeq},"isLast":${isLast},"chunks":${chunks}}\n`);
}

/**
 * Reads lines from the object's byte stream. Ends when the stream ends; an unfinished last line is
 * dropped, since the reader asks for it again. Leaving the loop cancels the stream.
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
