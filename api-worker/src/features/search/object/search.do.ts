import { DurableObject } from "cloudflare:workers";
import { type ContentDb, createHomeDb } from "db";
import { limits } from "../../../contracts/limits.ts";
import { breathe } from "../../../platform/breathe.ts";
import { contentFor } from "../../../platform/content.ts";
import { InTurn } from "../../../platform/in-turn.ts";
import { Line } from "../../../platform/line.ts";
import { createLogger, type Logger } from "../../../platform/log.ts";
import { findContentShard } from "../queries.ts";
import { CatchUp } from "./catch-up.ts";
import { type Match, type MatchWindow, SearchIndex } from "./search-index.ts";

/**
 * What a search does before it answers: this many steps, or characters that are indexed. A step
 * takes up to three of the 50 queries that D1 allows an invocation on the Free plan.
 */
const searchBounds = { steps: 12, textLength: 500_000 };
/** The same for an alarm, whose CPU time is bounded too. */
const alarmBounds = { steps: 15, textLength: 1_000_000 };
/** Changes that follow each other, like a question and its answer, are indexed together. */
const wakeDelayMs = 1_000;
const retryDelayMs = 30_000;

/** A search lets others run after it has gone through shelves with so many words. */
const wordsAtOnce = 2_000_000;

export interface SearchResult {
  /** The matches of each window. */
  readonly matches: Match[][];
  /** Whether the index has all that D1 has. */
  readonly isComplete: boolean;
}

/** What the object uses of the platform. */
export interface SearchDeps {
  /** @returns null when there is no such user */
  readonly openContent: (userId: string) => Promise<ContentDb | null>;
  readonly log: Logger;
}

/** Opens the content database of a user; null when there is no such user. */
export async function openContentOf(env: Env, userId: string): Promise<ContentDb | null> {
  const contentShard = await findContentShard(createHomeDb(env.HOME), userId);
  return contentShard === undefined ? null : contentFor(env, { contentShard });
}

/**
 * The Durable Object that holds a person's search index. D1 has the truth: the index may be lost or
 * thrown away at any time, and is then built anew.
 */
export class SearchObject extends DurableObject<Env> {
  readonly #deps: SearchDeps;
  /** null until it is used, so that an object whose user is deleted stores nothing. */
  #opened: { readonly index: SearchIndex; readonly catchUp: CatchUp } | null = null;
  /** The user's database, once it is found. */
  #content: ContentDb | null = null;
  readonly #line = new Line(limits.searchesPerUserMax);
  readonly #steps = new InTurn();

  /** @param instead what a subclass has in place of the platform's */
  constructor(ctx: DurableObjectState, env: Env, instead: Partial<SearchDeps> = {}) {
    super(ctx, env);
    this.#deps = {
      openContent: (userId) => openContentOf(env, userId),
      log: createLogger({ object: ctx.id.toString() }),
      ...instead,
    };
  }

  /** Makes sure that the index catches up with D1 soon. */
  async wake(userId: string): Promise<void> {
    this.#remember(userId);
    if ((await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(Date.now() + wakeDelayMs);
    }
  }

  /**
   * Searches, after it has caught up with what changed lately. One search runs at a time.
   *
   * @returns null when too many others wait
   */
  async search(userId: string, windows: readonly MatchWindow[]): Promise<SearchResult | null> {
    return this.#line.pass(() => this.#search(userId, windows));
  }

  async #search(userId: string, windows: readonly MatchWindow[]): Promise<SearchResult> {
    let isComplete = false;
    try {
      isComplete = await this.#advance(userId, searchBounds);
    } catch (error) {
      this.#deps.log.error("search.catch_up_failed", error, { userId });
    }
    if (!isComplete) await this.wake(userId);
    const matches: Match[][] = [];
    for (const window of windows) matches.push(await this.#match(window));
    return { matches, isComplete };
  }

  async #match(window: MatchWindow): Promise<Match[]> {
    const matches: Match[] = [];
    let words = 0;
    for (const shelf of this.#open().index.match(window)) {
      matches.push(...shelf.matches);
      words += shelf.words;
      if (words < wordsAtOnce) continue;
      words = 0;
      await breathe();
    }
    return matches;
  }

  /** Deletes everything: the user is deleted, or has no chats any more. */
  async purge(): Promise<void> {
    await this.#steps.run(async () => {
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
      this.#opened = null;
      this.#content = null;
    });
  }

  override async alarm(): Promise<void> {
    const userId = this.ctx.storage.kv.get<string>("userId");
    if (userId === undefined) return;
    // Finds out whether there is still such a user. A search is a request of the user.
    this.#content = null;
    try {
      if (await this.#advance(userId, alarmBounds)) return;
      await this.ctx.storage.setAlarm(Date.now());
    } catch (error) {
      this.#deps.log.error("search.catch_up_failed", error, { userId });
      await this.ctx.storage.setAlarm(Date.now() + retryDelayMs);
    }
  }

  #open() {
    if (this.#opened) return this.#opened;
    const { storage } = this.ctx;
    const index = new SearchIndex(storage.sql);
    const transactionSync = <T>(closure: () => T) => storage.transactionSync(closure);
    const catchUp = new CatchUp({ sql: storage.sql, transactionSync, index });
    this.#opened = { index, catchUp };
    return this.#opened;
  }

  /**
   * Does steps within bounds.
   * @returns whether the index has all that D1 has
   * @throws what D1 throws
   */
  async #advance(userId: string, bounds: typeof searchBounds): Promise<boolean> {
    this.#remember(userId);
    this.#content ??= await this.#deps.openContent(userId);
    const content = this.#content;
    if (!content) {
      await this.purge();
      return true;
    }
    let textLength = 0;
    for (let steps = 0; steps < bounds.steps && textLength < bounds.textLength; steps += 1) {
      const step = await this.#steps.run(() => this.#open().catchUp.step(content, userId));
      if (step.isIdle) return true;
      textLength += step.textLength;
      await breathe();
    }
    return false;
  }

  /** Stores the user, because an alarm has no arguments. */
  #remember(userId: string): void {
    const { kv } = this.ctx.storage;
    if (kv.get("userId") !== userId) kv.put("userId", userId);
  }
}
