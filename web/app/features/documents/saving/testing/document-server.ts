import type { SaverDeps } from "../document-saver.ts";

/** An error as the API's client throws it. */
export function apiError(errorCode: string, message: string): Error {
  const data = { errorCode, httpStatus: 400, requestId: "r" };
  return Object.assign(new Error(message), { data });
}

interface Version {
  readonly version: number;
  readonly content: string;
  readonly saveId: string | null;
  readonly runId: string | null;
}

/**
 * One document with the worker's rules of saving, which `documents.test.ts` of the worker holds, and
 * a connection that fails as told.
 */
export class DocumentServer {
  #versions: Version[];
  #isOffline = false;
  #lost = 0;
  #refusal: Error | null = null;
  #gate: Promise<void> = Promise.resolve();

  constructor(content: string) {
    this.#versions = [{ version: 1, content, saveId: null, runId: null }];
  }

  get newest(): Version {
    const newest = this.#versions.at(-1);
    if (!newest) throw new Error("There is no version.");
    return { ...newest };
  }

  /** The contents of all versions, oldest first. */
  get contents(): string[] {
    return this.#versions.map(({ content }) => content);
  }

  readonly save: SaverDeps["save"] = async ({ content, baseVersion, saveId, runId }) => {
    await this.#gate;
    if (this.#isOffline) throw new TypeError("Failed to fetch");
    const refusal = this.#refusal;
    this.#refusal = null;
    if (refusal) throw refusal;
    const result = this.#write({ content, saveId, runId }, baseVersion);
    if (this.#lost > 0) {
      this.#lost -= 1;
      throw new TypeError("Failed to fetch");
    }
    return result;
  };

  #write(save: Omit<Version, "version">, baseVersion: number): { version: number } {
    const { newest } = this;
    if (newest.version !== baseVersion && newest.saveId !== save.saveId) {
      throw apiError("CONFLICT", "This document has a newer version than the one you edited.");
    }
    if (newest.version !== baseVersion || newest.content === save.content) return newest;
    const goesOn = save.runId !== null && newest.runId === save.runId;
    const kept = goesOn ? this.#versions.slice(0, -1) : this.#versions;
    this.#versions = [...kept, { ...save, version: baseVersion + 1 }];
    return { version: baseVersion + 1 };
  }

  /** Another editor's save. */
  write(content: string): void {
    this.#write({ content, saveId: null, runId: null }, this.newest.version);
  }

  goOffline(): void {
    this.#isOffline = true;
  }

  goOnline(): void {
    this.#isOffline = false;
  }

  /** Loses the responses to the next saves, which arrive. */
  loseResponses(count: number): void {
    this.#lost = count;
  }

  refuseOnce(error: Error): void {
    this.#refusal = error;
  }

  /** Lets saves wait. @returns a function that lets them go on */
  hold(): () => void {
    const gate = Promise.withResolvers<void>();
    this.#gate = gate.promise;
    return gate.resolve;
  }
}

/** A clock that the test advances. */
export function manualTimers() {
  let now = 0;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    set(callback: () => void, delayMs: number) {
      const timer = { at: now + delayMs, callback };
      timers.push(timer);
      return timer;
    },
    clear(timer: unknown) {
      timers = timers.filter((other) => other !== timer);
    },
    /** Runs what is due, in order, and lets what it has started end. */
    async advance(ms: number) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = next.at;
        timers = timers.filter((other) => other !== next);
        next.callback();
        await new Promise((resolve) => setTimeout(resolve));
      }
      now = end;
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}
