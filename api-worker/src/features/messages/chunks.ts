/** Pure helpers over AI SDK `UIMessageChunk`s: the items of an answer's log. */
import type { UIMessageChunk } from "ai";
import type { MessageMetadata, MessageStatus } from "../../contracts/messages.ts";

export type Chunk = UIMessageChunk<Partial<MessageMetadata>, { title: { title: string } }>;

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

/**
 * Joins neighbouring deltas of the same part, for readers who start from the beginning: the
 * message that comes out is the same, with a fraction of the chunks.
 */
export function mergeDeltas(chunks: readonly Chunk[]): Chunk[] {
  const merged: Chunk[] = [];
  for (const chunk of chunks) {
    const previous = merged.at(-1);
    const joined = previous && joinDeltas(previous, chunk);
    if (joined) merged[merged.length - 1] = joined;
    else merged.push(chunk);
  }
  return merged;
}

function joinDeltas(first: Chunk, second: Chunk): Chunk | null {
  if (first.type === "text-delta" || first.type === "reasoning-delta") {
    if (second.type !== first.type || second.id !== first.id) return null;
    // Signatures and the like stand on single deltas; joining would lose one.
    if (first.providerMetadata || second.providerMetadata) return null;
    return { ...first, delta: first.delta + second.delta };
  }
  if (first.type === "tool-input-delta" && second.type === "tool-input-delta") {
    if (second.toolCallId !== first.toolCallId) return null;
    return { ...first, inputTextDelta: first.inputTextDelta + second.inputTextDelta };
  }
  return null;
}

/** UTF-8 bytes that a chunk adds to the message. */
export function contentBytes(chunk: Chunk): number {
  if (chunk.type === "text-delta" || chunk.type === "reasoning-delta") {
    return Buffer.byteLength(chunk.delta);
  }
  if (chunk.type === "tool-input-delta") return Buffer.byteLength(chunk.inputTextDelta);
  if (chunk.type === "tool-output-available" || chunk.type === "tool-input-available") {
    return Buffer.byteLength(JSON.stringify(chunk));
  }
  return 0;
}
