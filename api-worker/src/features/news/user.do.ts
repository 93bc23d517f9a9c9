import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contracts/limits.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { systemClock } from "../../platform/clock.ts";
import { type Credential, credentialEndedCode } from "../../platform/user-object.ts";
import { CopyLine } from "../limits/copy-line.ts";
import { type CostHold, Costs } from "../limits/costs.ts";
import { GuestTurns } from "../limits/guests/guest-turns.ts";
import { type DayUse, Quota, type Taken, type TurnLimits } from "../limits/quota.ts";

/** Tags of sockets. */
const newsTag = "news";
const placeTag = "place";
/** News for a page in the background. */
const hiddenTag = "hidden";
const tagsOfPath: Readonly<Record<string, readonly string[]>> = {
  "/news": [newsTag],
  "/hidden-news": [newsTag, hiddenTag],
};

/**
 * The Durable Object of one user: sends news to the user's open pages, counts their open
 * subscriptions, counts the day's usage, and lets imports and forks pass one after the other.
 * Its sockets survive hibernation, so a waiting page costs nothing.
 *
 * @see https://developers.cloudflare.com/durable-objects/best-practices/websockets/
 */
export class UserObject extends DurableObject<Env> {
  #quota = new Quota(this.ctx.storage.sql, systemClock);
  #guestTurns = new GuestTurns(this.ctx.storage.sql, this.env, systemClock);
  #costs = new Costs(this.ctx.storage.sql, systemClock);
  readonly #copies = new CopyLine({
    sockets: this.ctx,
    sql: this.ctx.storage.sql,
    now: systemClock,
  });

  /**
   * Opens a socket. `/news` is for the news of a visible page, `/hidden-news` for a page in the
   * background; a socket at `/place` only counts another subscription. The query names the session
   * or token that each of these belongs to. `/copy` is for an import or fork, which waits for its
   * turn. Refuses one socket too many with 429. Only the worker can call this, for a user who is
   * logged in.
   */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 426 });
    const { pathname, searchParams } = new URL(request.url);
    const credential = searchParams.get("credential");
    if (pathname === "/copy") return this.#copies.enter(Number(searchParams.get("bytes")));
    const isOpen = ({ readyState }: WebSocket) => readyState === WebSocket.OPEN;
    const openCount = this.#subscriptions().filter(isOpen).length;
    if (openCount >= limits.subscriptionsPerUserMax) return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    const tags = tagsOfPath[pathname] ?? [placeTag];
    this.ctx.acceptWebSocket(server, [...tags, ...(credential ? [credential] : [])]);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** The sockets of open subscriptions, which are not those of imports and forks. */
  #subscriptions(): WebSocket[] {
    return [newsTag, placeTag].flatMap((tag) => this.ctx.getWebSockets(tag));
  }

  /** Whether a page of the user is open and visible, in any browser. Programs have no pages. */
  hasVisiblePage(): boolean {
    return this.ctx.getWebSockets(newsTag).some((socket) => {
      const tags = this.ctx.getTags(socket);
      const isPage = tags.some((tag) => tag.startsWith("session:"));
      return isPage && !tags.includes(hiddenTag) && socket.readyState === WebSocket.OPEN;
    });
  }

  /** Sends news to every open page. */
  publish(news: ChatNews): void {
    const text = JSON.stringify(news);
    for (const socket of this.ctx.getWebSockets(newsTag)) {
      try {
        socket.send(text);
      } catch {
        // This page is gone, and its socket is closing.
      }
    }
  }

  /**
   * Closes the sockets of sessions and tokens that have ended.
   *
   * @param replacedBy the credential with which the same user goes on: the holders of the sockets
   *   open others with it
   */
  closeSockets(credentials: readonly Credential[] | "all", replacedBy?: Credential): void {
    const sockets =
      credentials === "all"
        ? this.#subscriptions()
        : credentials.flatMap((tag) => this.ctx.getWebSockets(tag));
    for (const socket of sockets) {
      try {
        socket.close(credentialEndedCode, replacedBy);
      } catch {
        // It is closed already.
      }
    }
  }

  /**
   * Counts a turn against the user's limits and, for a guest, against the budgets of guests.
   *
   * @param cost what it is going to cost; left out when no price is known
   */
  async takeTurn(turnId: string, limits: TurnLimits, cost?: CostHold): Promise<Taken> {
    const taken = this.#quota.take(turnId, limits);
    if (taken.kind === "refused") return taken;
    const refusal = cost ? this.#costs.take(turnId, cost, limits) : null;
    if (refusal) {
      this.#quota.giveBack(turnId);
      return { kind: "refused", what: "tokens", cost: refusal.of, endsAt: refusal.endsAt };
    }
    if (!limits.guests) return taken;
    const takenByGuests = await this.#guestTurns.take(turnId, limits.guests);
    if (takenByGuests.kind === "refused") this.#giveBackOwn(turnId);
    return takenByGuests;
  }

  #giveBackOwn(turnId: string): void {
    this.#costs.giveBack(turnId);
    this.#quota.giveBack(turnId);
  }

  async giveBackTurn(turnId: string): Promise<void> {
    await this.#guestTurns.giveBack(turnId);
    this.#giveBackOwn(turnId);
  }

  /** Counts what a turn has used, once. @param turn without `costNanos` when no price was known */
  async addTokens(turn: {
    streamId: string;
    tokens: number;
    finishedAt: number;
    costNanos?: number;
  }): Promise<void> {
    this.#quota.addTokens(turn);
    if (turn.costNanos !== undefined) this.#costs.settle(turn.streamId, turn.costNanos);
    await this.#guestTurns.addTokens(turn.streamId, turn.tokens);
  }

  readToday(): DayUse {
    return { ...this.#quota.readToday(), cost: this.#costs.read() };
  }

  /** Deletes everything: the user is deleted. */
  async purge(): Promise<void> {
    this.closeSockets("all");
    await this.ctx.storage.deleteAll();
    this.#quota = new Quota(this.ctx.storage.sql, systemClock);
    this.#costs = new Costs(this.ctx.storage.sql, systemClock);
    this.#guestTurns = new GuestTurns(this.ctx.storage.sql, this.env, systemClock);
  }

  override webSocketMessage(): void {
    // Pages never send anything.
  }

  override webSocketClose(): void {
    this.#copies.socketClosed();
  }

  override webSocketError(): void {
    this.#copies.socketClosed();
  }
}
