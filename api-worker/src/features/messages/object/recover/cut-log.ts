/**
 * Reads the log of a turn whose object died: what the log leaves open, and whether the turn got
 * anywhere since it last started. A pure function of the chunks.
 */
import { restartPartId } from "../../../../contracts/message-parts.ts";
import { type Chunk, OpenToolCalls } from "../../turn/chunks.ts";
import { mayFollowOpenText } from "../../turn/message-chunks.ts";

/** Restarts of one answer at most. */
export const maxRestarts = 2;

export interface CutLog {
  /** Restarts of the answer so far, those of earlier turns included. */
  readonly restarts: number;
  /** Whether text or a tool's result came since the turn started, or restarted. */
  readonly hasProgress: boolean;
  /** Whether the model had finished its last step and called no tool in it, so nothing is left. */
  readonly isFinished: boolean;
  /** The text at the end of the answer, left open so that it can grow; null when there is none. */
  readonly openTextId: string | null;
  /**
   * Chunks that close everything else. A tool call without a result becomes an error, because its
   * effects are unknown: the model is told, and decides whether to call again.
   */
  readonly closing: readonly Chunk[];
}

/**
 * @param chunks the log
 * @param firstLength chunks that the turn began with; they are no progress
 */
export function readCutLog(chunks: Iterable<Chunk>, firstLength: number): CutLog {
  const calls = new OpenToolCalls();
  const texts = new Set<string>();
  const thoughts = new Set<string>();
  let lastTextId: string | null = null;
  let restarts = 0;
  let hasProgress = false;
  let stepHasCall = false;
  let isFinished = false;
  let index = 0;
  for (const chunk of chunks) {
    calls.see(chunk);
    if (index >= firstLength && isProgress(chunk)) hasProgress = true;
    index += 1;
    if (addsPart(chunk)) lastTextId = null;
    switch (chunk.type) {
      case "text-start":
        texts.add(chunk.id);
        lastTextId = chunk.id;
        isFinished = false;
        break;
      case "text-end":
        texts.delete(chunk.id);
        break;
      case "reasoning-start":
        thoughts.add(chunk.id);
        break;
      case "reasoning-end":
        thoughts.delete(chunk.id);
        break;
      case "tool-input-start":
      case "tool-input-available":
        stepHasCall = true;
        break;
      case "start-step":
        stepHasCall = false;
        isFinished = false;
        break;
      case "finish-step":
        // The AI SDK's reader takes no more of a text after this, whether it was closed or not.
        texts.clear();
        thoughts.clear();
        isFinished = !stepHasCall;
        break;
      case "data-restart":
        restarts = chunk.data.count;
        hasProgress = false;
        break;
    }
  }
  const openTextId = lastTextId !== null && texts.delete(lastTextId) ? lastTextId : null;
  const closing: Chunk[] = [
    ...[...thoughts].map((id): Chunk => ({ type: "reasoning-end", id })),
    ...[...texts].map((id): Chunk => ({ type: "text-end", id })),
    ...calls.close({ status: "interrupted" }),
  ];
  return { restarts, hasProgress, isFinished, openTextId, closing };
}

/** The chunk that says that the answer went on by itself. */
export function restartChunk(count: number): Chunk {
  return { type: "data-restart", id: restartPartId, data: { count } };
}

function isProgress(chunk: Chunk): boolean {
  if (chunk.type === "text-delta") return chunk.delta !== "";
  if (chunk.type === "tool-output-available") return !chunk.preliminary;
  return chunk.type === "tool-output-error";
}

/** Whether a chunk adds a part that ends a text before it. */
function addsPart({ type, ...chunk }: Chunk): boolean {
  if ("transient" in chunk && chunk.transient) return false;
  if (type === "tool-input-start" || type === "tool-input-available") return true;
  if (type === "tool-input-error" || type === "file" || type.startsWith("source-")) return true;
  return type.startsWith("data-") && !mayFollowOpenText(type);
}
