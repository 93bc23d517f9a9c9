import type { UIMessage } from "ai";
import type { Chunk } from "../../turn/chunks.ts";

/**
 * Tells when a tool call is part of the answer. The AI SDK starts a tool while the chunk with its call
 * is still on its way through streams: what the tool writes into the answer would come before it.
 */
export class RecordedCalls {
  readonly #recorded = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  readonly #signal: AbortSignal;

  /**
   * @param branch what the answer follows; the calls in it are part of the answer already
   * @param signal ends every wait: what is not recorded then will not be
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

  /** @param chunk one that the answer has taken */
  see(chunk: Chunk): void {
    if (chunk.type !== "tool-input-available") return;
    this.#recorded.add(chunk.toolCallId);
    this.#waiting.get(chunk.toolCallId)?.();
  }

  /** Resolves when the answer has the call. */
  has(toolCallId: string): Promise<void> {
    if (this.#recorded.has(toolCallId) || this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(toolCallId, resolve));
  }
}
