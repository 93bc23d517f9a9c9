/** Pure helpers for AI SDK `UIMessageChunk`s, the items of an answer's log. */
import type { UIMessageChunk } from "ai";
import { type DataDelta, isDataDelta } from "../../../contracts/data-deltas.ts";
import type { DataChunk } from "../../../contracts/message-parts.ts";
import type { MessageMetadata, MessageStatus } from "../../../contracts/messages.ts";

/** The AI SDK's chunks for a model's output, and the contract's data parts. */
export type Chunk = UIMessageChunk<Partial<MessageMetadata>, Record<never, never>> | DataChunk;

/** The statuses in which an answer ends. */
export type FinalStatus = Exclude<MessageStatus, "streaming">;

/** How an answer ended, as stated in its last chunk. */
export interface Outcome {
  readonly status: FinalStatus;
  readonly errorCode?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/**
 * The chunk that ends an answer. An end without it is only the end of a connection.
 *
 * @param finishedAt when the answer ended, in epoch ms; null when unknown
 */
export function terminalChunk(outcome: Outcome, finishedAt: number | null): Chunk {
  return {
    type: "finish",
    messageMetadata: { ...outcome, ...(finishedAt !== null && { finishedAt }) },
  };
}

/**
 * How soon a reader should get a chunk: a tool's result or a request for approval at once; the mark
 * of a beginning or an end, and the chat's title, with the content that follows, so that the first
 * word of an answer does not wait behind its own `text-start`.
 */
export function urgencyOf(chunk: Chunk): "now" | "due" | "later" {
  const { type } = chunk;
  if (type.startsWith("tool-output") || type === "tool-approval-request") return "now";
  if (type === "data-title") return "later";
  return isWithoutContent(chunk) && !isDelta(chunk) ? "later" : "due";
}

/**
 * Deltas are joined to one text after this many, because a long chain of short strings costs
 * memory.
 */
const joinAfter = 1_024;

/**
 * Joins neighbouring deltas of the same part, for readers from the start: the same message results
 * from a fraction of the chunks. Takes any number of chunks, and holds no more than the message
 * itself.
 */
export function mergeDeltas(chunks: Iterable<Chunk>): Chunk[] {
  const merged: Chunk[] = [];
  let first: Delta | null = null;
  let texts: string[] = [];
  let isLonger = false;
  const settle = () => {
    if (first && isLonger) merged[merged.length - 1] = withText(first, texts.join(""));
  };
  for (const chunk of chunks) {
    if (first && isDelta(chunk) && continues(first, chunk)) {
      texts.push(textOf(chunk));
      isLonger = true;
      if (texts.length === joinAfter) texts = [texts.join("")];
      continue;
    }
    settle();
    first = isDelta(chunk) ? chunk : null;
    texts = first ? [textOf(first)] : [];
    isLonger = false;
    merged.push(chunk);
  }
  settle();
  return merged;
}

type ModelDelta = Extract<Chunk, { type: "text-delta" | "reasoning-delta" | "tool-input-delta" }>;
type Delta = ModelDelta | (Chunk & DataDelta);

function isDelta(chunk: Chunk): chunk is Delta {
  return isModelDelta(chunk) || isDataDelta(chunk);
}

function isModelDelta(chunk: Chunk): chunk is ModelDelta {
  const { type } = chunk;
  return type === "text-delta" || type === "reasoning-delta" || type === "tool-input-delta";
}

/** Whether `second` only continues the text of `first`. */
function continues(first: Delta, second: Delta): boolean {
  if (first.type === "tool-input-delta") {
    return second.type === first.type && second.toolCallId === first.toolCallId;
  }
  if (second.type !== first.type || second.id !== first.id) return false;
  if (!isModelDelta(first) || !isModelDelta(second)) return true;
  // Single deltas may carry signatures and the like, and joining would lose one.
  return !first.providerMetadata && !second.providerMetadata;
}

function textOf(delta: Delta): string {
  if (delta.type === "tool-input-delta") return delta.inputTextDelta;
  return isModelDelta(delta) ? delta.delta : delta.data.delta;
}

function withText(delta: Delta, text: string): Chunk {
  if (delta.type === "tool-input-delta") return { ...delta, inputTextDelta: text };
  if (isModelDelta(delta)) return { ...delta, delta: text };
  return withDataText(delta, text);
}

function withDataText<Part extends DataDelta>(delta: Part, text: string): Part {
  return { ...delta, data: { ...delta.data, delta: text } };
}

/** UTF-8 bytes that a chunk adds to the stored message, which is JSON. */
export function contentBytes(chunk: Chunk): number {
  return "transient" in chunk && chunk.transient ? 0 : shownBytes(chunk);
}

/**
 * UTF-8 bytes, as JSON, that a chunk adds for a reader from the start, transient chunks included.
 */
export function shownBytes(chunk: Chunk): number {
  if (isDelta(chunk)) {
    const { providerMetadata } = chunk as { providerMetadata?: unknown };
    return jsonBytes(textOf(chunk)) - 2 + (providerMetadata ? jsonBytes(providerMetadata) : 0);
  }
  return isWithoutContent(chunk) ? 0 : jsonBytes(chunk);
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Whether a chunk only marks a beginning or an end. */
function isWithoutContent(chunk: Chunk): boolean {
  const { type } = chunk;
  if (type.startsWith("text-") || type.startsWith("reasoning-")) return !hasMetadata(chunk);
  return ["start", "start-step", "finish-step", "finish", "message-metadata", "abort"].includes(
    type,
  );
}

function hasMetadata(chunk: Chunk): boolean {
  return "providerMetadata" in chunk && chunk.providerMetadata !== undefined;
}

/** Tracks the tool calls of an answer without a result, and which of them wait for the reader. */
export class OpenToolCalls {
  readonly #open = new Set<string>();
  readonly #asked = new Set<string>();

  see(chunk: Chunk): void {
    switch (chunk.type) {
      case "tool-input-start":
      case "tool-input-available":
        this.#open.add(chunk.toolCallId);
        break;
      case "tool-approval-request":
        if (!chunk.isAutomatic) this.#asked.add(chunk.toolCallId);
        break;
      case "tool-input-error":
      case "tool-output-error":
      case "tool-output-denied":
        this.#open.delete(chunk.toolCallId);
        break;
      case "tool-output-available":
        if (!chunk.preliminary) this.#open.delete(chunk.toolCallId);
        break;
    }
  }

  /**
   * Returns chunks that turn the open calls into errors, so that none stays open.
   *
   * @param outcome after a complete answer, calls that wait for the reader's approval stay open
   */
  close({ status }: Pick<Outcome, "status">): Chunk[] {
    return [...this.#open]
      .filter((toolCallId) => status !== "complete" || !this.#asked.has(toolCallId))
      .map((toolCallId) => ({
        type: "tool-output-error",
        toolCallId,
        errorText: "The answer ended before this tool finished.",
      }));
  }
}
