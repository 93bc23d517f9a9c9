import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contracts/limits.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { systemClock } from "../../platform/clock.ts";
import { type DayLimits, type DayUse, Quota, type Taken } from "../limits/quota.ts";

/** Tags of sockets. */
const newsTag = "news";
const placeTag = "place";

/**
 * The Durable Object of one user: sends news to the user's open pages, counts their open
 * subscriptions, and counts the day's usage.
 * Its sockets survive hibernation, so a waiting page costs nothing.
 *
 * @see https://developers.cloudflare.com/durable-objects/best-practices/websockets/
 */
export class UserObject extends DurableObject<Env> {
  #quota = new Quota(this.ctx.storage.sql, systemClock);

  /**
   * Opens a socket: for news at `/news`, and at `/place` for another subscription, whose socket is
   * only counted. Refuses one too many with 429. Only the worker can call this, for a user who is
   * logged in.
   */
  override fetch(request: Request): Response {
    if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 426 });
    const isOpen = ({ readyState }: WebSocket) => readyState === WebSocket.OPEN;
    const openCount = this.ctx.getWebSockets().filter(isOpen).length;
    if (openCount >= limits.subscriptionsPerUserMax) return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    const kind = new URL(request.url).pathname === "/news" ? newsTag : placeTag;
    this.ctx.acceptWebSocket(server, [kind]);
    return new Response(null, { status: 101, webSocket: client });
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

  takeTurn(turnId: string, limits: DayLimits): Taken {
    return this.#quota.take(turnId, limits);
  }

  giveBackTurn(turnId: string): void {
    this.#quota.giveBack(turnId);
  }

  addTokens(turn: { streamId: string; tokens: number; finishedAt: number }): void {
    this.#quota.addTokens(turn);
  }

  readToday(): DayUse {
    return this.#quota.readToday();
  }

  /** Deletes everything: the user is deleted. */
  async purge(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#quota = new Quota(this.ctx.storage.sql, systemClock);
  }

  override webSocketMessage(): void {
    // Pages never send anything.
  }
}
