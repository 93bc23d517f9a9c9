/** Pure helpers over AI SDK `UIMessageChunk`s: the items of an answer's log. */
import type { UIMessageChunk } from "ai";
import { type DataDelta, isDataDelta } from "../../../contracts/data-deltas.ts";
import type { DataChunk } from "../../../contracts/message-parts.ts";
import type { MessageMetadata, MessageStatus } from "../../../contracts/messages.ts";

/** What the AI SDK makes of the model's words, and the data parts that the contract has. */
export type Chunk = UIMessageChunk<Partial<MessageMetadata>, Record<never, never>> | DataChunk;

/** The states in which an answer ends. */
export type FinalStatus = Exclude<MessageStatus, "streaming">;

/** How an answer ended, as the last chunk tells it. */
export interface Outcome {
  readonly status: FinalStatus;
  readonly errorCode?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** The chunk that ends an answer. Without it an end is only the end of a connection. */
export function terminalChunk(outcome: Outcome): Chunk {
  return { type: "finish", messageMetadata: { ...outcome } };
}

/** Whether a reader should have this chunk now, whatever the pace: a tool's result, an approval. */
export function isUrgent(chunk: { readonly type: string }): boolean {
  return chunk.type.startsWith("tool-output") || chunk.type === "tool-approval-request";
}

/** Deltas are joined to one text after this many: a long chain of short strings costs memory. */
const joinAfter = 1_024;

/**
 * Joins neighbouring deltas of the same part, for readers who start from the beginning: the
 * message that comes out is the same, with a fraction of the chunks. Takes any number of chunks
 * and holds no more than the message itself.
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

/** Whether `second` only adds to the text of `first`. */
function continues(first: Delta, second: Delta): boolean {
  if (first.type === "tool-input-delta") {
    return second.type === first.type && second.toolCallId === first.toolCallId;
  }
  if (second.type !== first.type || second.id !== first.id) return false;
  if (!isModelDelta(first) || !isModelDelta(second)) return true;
  // Signatures and the like stand on single deltas; joining would lose one.
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

/** UTF-8 bytes that a chunk adds to the message as it is stored, which is as JSON. */
export function contentBytes(chunk: Chunk): number {
  return "transient" in chunk && chunk.transient ? 0 : shownBytes(chunk);
}

/** UTF-8 bytes that a chunk adds to what a reader from the beginning is shown, as JSON. */
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

/** Beginnings and ends. */
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

/** Follows which tool calls of an answer have no result yet, and which of them wait for the reader. */
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
   * Chunks that turn the open calls into errors, so that none is left open.
   *
   * @param outcome after a complete answer, calls that the reader was asked about stay open
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
