import type { RequestBudget } from "../../platform/request-budget.ts";

/** A group is sent when it has so many items, or characters of JSON. */
const groupItems = 10;
const groupLength = 1_000_000;
/** A longer item is not sent, which would take its size in memory several times. */
const sentMaxLength = 8_000_000;
/** What an item that is saved here may take of the budget. */
const ownRequests = 36;

interface Deps<Item, Result> {
  /** The requests of this invocation. */
  readonly budget: RequestBudget;
  /** Saves the first items of a group, as JSON in UTF-8, in an invocation of its own. */
  readonly send: (json: Uint8Array) => Promise<readonly Result[]>;
  /** Whether a group may be sent again: each item has an id by which a second save finds the first. */
  readonly isRepeatable: boolean;
  /** Saves one item in this invocation. */
  readonly save: (item: Item) => Promise<Result>;
  readonly onResult: (item: Item, result: Result) => void;
  /** An item was not saved. @param error null when the budget is spent */
  readonly onFailure: (item: Item, error: unknown) => void;
}

/**
 * Saves the items of an import in groups, each in an invocation of its own: one invocation may ask
 * the platform for less than many items take.
 */
export class GroupedSaves<Item, Result> {
  readonly #deps: Deps<Item, Result>;
  #group: { readonly item: Item; readonly json: string }[] = [];

  constructor(deps: Deps<Item, Result>) {
    this.#deps = deps;
  }

  /** Takes an item, and saves what is ready to be saved. Never throws. */
  async add(item: Item): Promise<void> {
    const json = JSON.stringify(item);
    if (json.length > sentMaxLength) {
      await this.end();
      return this.#saveHere(item);
    }
    this.#group.push({ item, json });
    const length = this.#group.reduce((sum, one) => sum + one.json.length, 0);
    // What such a call does not save waits for the next.
    if (this.#group.length >= groupItems || length >= groupLength) await this.#saveSome();
  }

  /** Saves the items that are left. Never throws. */
  async end(): Promise<void> {
    while (this.#group.length > 0) await this.#saveSome();
  }

  async #saveSome(): Promise<void> {
    const doneCount = this.#deps.budget.take(1) ? await this.#send() : this.#fail(null);
    this.#group = this.#group.slice(doneCount);
  }

  /** @returns how many of the group are done with */
  async #send(): Promise<number> {
    const text = `[${this.#group.map(({ json }) => json).join(",")}]`;
    try {
      const results = await this.#sendText(new TextEncoder().encode(text));
      if (results.length === 0) throw new Error("The object has saved nothing.");
      for (const [at, result] of results.entries()) {
        const taken = this.#group[at];
        if (taken) this.#deps.onResult(taken.item, result);
      }
      return results.length;
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** An object that was reset in the midst may have saved some items, so it is asked again. */
  #sendText(json: Uint8Array): Promise<readonly Result[]> {
    const { send, isRepeatable, budget } = this.#deps;
    return send(json).catch((error: unknown) => {
      if (!isRepeatable || !budget.take(1)) throw error;
      return send(json);
    });
  }

  #fail(error: unknown): number {
    for (const { item } of this.#group) this.#deps.onFailure(item, error);
    return this.#group.length;
  }

  async #saveHere(item: Item): Promise<void> {
    const { budget, save, onResult, onFailure } = this.#deps;
    if (!budget.take(ownRequests)) return onFailure(item, null);
    try {
      onResult(item, await save(item));
    } catch (error) {
      onFailure(item, error);
    }
  }
}
