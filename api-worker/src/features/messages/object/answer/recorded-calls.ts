import type { UIMessage } from "ai";
import type { Chunk } from "../../turn/chunks.ts";

/**
 * Knows which tool calls are part of the answer yet. The AI SDK starts a tool while the chunk with
 * its call is still on its way through streams, so without waiting the tool's output would come
 * before its call.
 */
export class RecordedCalls {
  readonly #recorded = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  readonly #signal: AbortSignal;

  /**
   * @param branch the messages before the answer; their calls are already recorded
   * @param signal ends every wait, because no more calls are recorded after it fires
   */
  constructor(branch: readonly UIMessage[], signal: AbortSignal) {
    for (const { parts } of branch) {
      for (const part of parts) if ("toolCallId" in part) this.#recorded.add(part.toolCallId);
    }
    this.#signal = signal;
    signal.addEventListener("abort", () => {
      for (const resolve of this.#waiting.values()) resolve();
    });
  }

  /** @param chunk a chunk that the answer has recorded */
  see(chunk: Chunk): void {
    if (chunk.type !== "tool-input-available") return;
    this.#recorded.add(chunk.toolCallId);
    this.#waiting.get(chunk.toolCallId)?.();
  }

  /** Resolves when the answer contains the call. */
  has(toolCallId: string): Promise<void> {
    if (this.#recorded.has(toolCallId) || this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(toolCallId, resolve));
  }
}
