import type { SuggestionState } from "api-worker/contracts/suggestions";

interface SenderDeps {
  readonly send: (ids: readonly string[], state: SuggestionState) => Promise<unknown>;
  /** Whether an error says that there is nothing to decide any more. */
  readonly isLost: (error: unknown) => boolean;
  /** Whether the text as it is now is saved. */
  readonly isSaved: () => boolean;
  /** Called after decisions have arrived. */
  readonly onSent: () => void;
}

const retryMs = 5_000;

/**
 * Sends decisions on suggestions, one call at a time, until each has arrived. A decision that
 * changes the text waits until the text is saved.
 */
export class DecisionSender {
  readonly #deps: SenderDeps;
  #wanted: ReadonlyMap<string, SuggestionState> = new Map();
  /** What the server has of the decisions that were made here. */
  readonly #arrived = new Map<string, SuggestionState>();
  #running: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /** Sends decisions, those of earlier calls included. */
  decide(decisions: ReadonlyMap<string, SuggestionState>): Promise<void> {
    this.#wanted = decisions;
    return this.flush();
  }

  /** Sends what has not arrived yet. */
  async flush(): Promise<void> {
    await this.#running;
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Sends for the last time. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#timer);
    let hasSent = false;
    for (const state of ["rejected", "accepted", "open"] as const) {
      // A rejection leaves the text as it is.
      if (state !== "rejected" && !this.#deps.isSaved()) continue;
      const ids = this.#missing(state);
      if (ids.length === 0) continue;
      try {
        await this.#deps.send(ids, state);
        hasSent = true;
      } catch (error) {
        if (!this.#deps.isLost(error)) {
          this.#timer = setTimeout(() => void this.flush(), retryMs);
          break;
        }
      }
      for (const id of ids) this.#arrived.set(id, state);
    }
    if (hasSent) this.#deps.onSent();
  }

  #missing(state: SuggestionState): string[] {
    const wanted = [...this.#wanted].filter(([, one]) => one === state);
    return wanted.flatMap(([id]) => ((this.#arrived.get(id) ?? "open") === state ? [] : [id]));
  }
}
