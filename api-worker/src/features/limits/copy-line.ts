/**
 * Lets a user's imports and forks pass one after the other, and only so many bytes a minute, in the
 * user's object. A copy holds its place with a socket, which closes with the request, whatever
 * becomes of it.
 */
import { limits } from "../../contracts/limits.ts";
import type { Clock } from "../../platform/clock.ts";

/** The tag of the sockets that hold the place. */
const copyTag = "copy";
/** A copy that is older than this has died without closing its socket. */
const copyMaxMs = 5 * 60_000;
/** Copies that may wait for the place, and how long one waits. */
const waitingMax = 4;
const waitMaxMs = 20_000;
const minuteMs = 60_000;

/** Where the line keeps its state. */
interface CopyLineDeps {
  readonly sockets: Pick<DurableObjectState, "getWebSockets" | "acceptWebSocket">;
  readonly sql: SqlStorage;
  readonly now: Clock;
}

export class CopyLine {
  readonly #deps: CopyLineDeps;
  #waiting: (() => void)[] = [];

  constructor(deps: CopyLineDeps) {
    this.#deps = deps;
  }

  /**
   * Waits for the place and takes it.
   *
   * @param bytes that the copy reads
   * @returns a socket that holds the place. Or 409 when another copy takes too long, 429 with
   *   `retry-after` when too many bytes were copied within the last minute
   */
  async enter(bytes: number): Promise<Response> {
    if (!(await this.#waitForPlace())) return new Response(null, { status: 409 });
    const waitMs = this.#spend(bytes);
    if (waitMs > 0) {
      this.#letNextIn();
      const seconds = String(Math.ceil(waitMs / 1000));
      return new Response(null, { status: 429, headers: { "retry-after": seconds } });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    server.serializeAttachment(this.#deps.now());
    // Without the session's tag: a copy that has begun holds its place to its end.
    this.#deps.sockets.acceptWebSocket(server, [copyTag]);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Lets the next copy in. Called when any socket of the object has closed. */
  socketClosed(): void {
    if (!this.#isTaken()) this.#letNextIn();
  }

  async #waitForPlace(): Promise<boolean> {
    if (!this.#isTaken() && this.#waiting.length === 0) return true;
    if (this.#waiting.length >= waitingMax) return false;
    const endsAt = this.#deps.now() + waitMaxMs;
    do {
      const isWoken = await new Promise<boolean>((resolve) => {
        const wake = () => resolve(true);
        this.#waiting.push(wake);
        setTimeout(() => {
          this.#waiting = this.#waiting.filter((one) => one !== wake);
          resolve(false);
        }, endsAt - this.#deps.now());
      });
      if (!isWoken) return false;
    } while (this.#isTaken());
    return true;
  }

  #letNextIn(): void {
    this.#waiting.shift()?.();
  }

  #isTaken(): boolean {
    const oldest = this.#deps.now() - copyMaxMs;
    return this.#deps.sockets.getWebSockets(copyTag).some((socket) => {
      if (socket.readyState !== WebSocket.OPEN) return false;
      if (Number(socket.deserializeAttachment()) > oldest) return true;
      socket.close(1001);
      return false;
    });
  }

  /**
   * Takes bytes from the budget of the minute, which refills steadily.
   *
   * @returns 0, or after how many ms the budget will have them
   */
  #spend(bytes: number): number {
    const { sql, now } = this.#deps;
    const most = limits.copyBytesPerMinute;
    sql.exec(`CREATE TABLE IF NOT EXISTS copyBudget (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      usedBytes REAL NOT NULL,
      at INTEGER NOT NULL
    ) STRICT`);
    const [row] = sql
      .exec<{ usedBytes: number; at: number }>("SELECT usedBytes, at FROM copyBudget")
      .toArray();
    const refilled = row ? ((now() - row.at) / minuteMs) * most : 0;
    const used = row ? Math.max(0, row.usedBytes - refilled) : 0;
    // A copy larger than the budget passes when the budget is whole.
    const over = used === 0 ? 0 : used + bytes - most;
    if (over > 0) return Math.min((over / most) * minuteMs, minuteMs);
    sql.exec(
      `INSERT INTO copyBudget (id, usedBytes, at) VALUES (1, ?1, ?2)
       ON CONFLICT (id) DO UPDATE SET usedBytes = ?1, at = ?2`,
      used + bytes,
      now(),
    );
    return 0;
  }
}
