/**
 * Bounds how many subscriptions and live reads are open at once, and ends those whose session or
 * token has ended.
 */
import type { Context } from "../../context.ts";
import { limits } from "../../contracts/limits.ts";
import { AppError } from "../../errors.ts";
import { delay } from "../../platform/delay.ts";
import { countedAddress } from "../../platform/local-machine.ts";
import { Places } from "../../platform/places.ts";
import { openUserSocket } from "../../platform/user-object.ts";
import { CredentialWatch } from "./credential-watch.ts";

/** Frees a place. May be called more than once. */
export type FreePlace = () => void;

/** A lost socket is opened again after this long, and after twice as long with each failure. */
const reopenMs = 200;
const reopenMaxMs = 30_000;

const places = new Places(limits.subscriptionsPerAddressMax);

/**
 * Takes a place among the open subscriptions of the caller's address. Accounts need none: each has
 * a bound of its own, and many of them may share an address.
 *
 * @throws AppError RATE_LIMITED
 */
export function takeAddressPlace({ viewer, request }: Context): FreePlace {
  const address = viewer && !viewer.isGuest ? null : countedAddress(request);
  if (address === null) return () => undefined;
  const free = places.take(address);
  if (!free) throw tooManyOpen();
  return free;
}

/** What one subscription or live read holds while it is open. */
export interface Place {
  /** Aborts when the viewer's session or token ends; its reason is the error for the reader. */
  readonly ended: AbortSignal;
  free: FreePlace;
}

/**
 * Takes a place among the open subscriptions of the address and of the viewer. The viewer's are
 * counted by the user's object, as sockets, which close with the request whatever becomes of it.
 * When the object cannot be reached the subscription is not counted until it can.
 *
 * @throws AppError RATE_LIMITED
 */
export async function takePlace(ctx: Context): Promise<Place> {
  const freeAddress = takeAddressPlace(ctx);
  if (!ctx.viewer) return { ended: new AbortController().signal, free: freeAddress };
  const watch = new CredentialWatch(ctx, ctx.viewer);
  const socket = new PlaceSocket(ctx.env, ctx.viewer.userId, watch);
  const free = () => {
    freeAddress();
    watch.stop();
    socket.close();
  };
  try {
    await socket.open();
  } catch (error) {
    free();
    throw error;
  }
  return { ended: watch.ended, free };
}

/** The socket that counts one subscription and tells the end of its credential. */
class PlaceSocket {
  readonly #env: Env;
  readonly #userId: string;
  readonly #watch: CredentialWatch;
  #socket: WebSocket | undefined;
  readonly #closed = new AbortController();
  /** Tries in a row that opened no socket. */
  #failures = 0;

  constructor(env: Env, userId: string, watch: CredentialWatch) {
    this.#env = env;
    this.#userId = userId;
    this.#watch = watch;
  }

  /**
   * Opens the socket, and opens it again whenever it is lost.
   *
   * @throws AppError RATE_LIMITED when all places of the user are taken
   */
  async open(): Promise<void> {
    const response = await openUserSocket(
      this.#env,
      this.#userId,
      "place",
      this.#watch.credential,
    ).catch(() => null);
    if (response?.status === 429) throw tooManyOpen();
    const socket = response?.webSocket;
    if (this.#closed.signal.aborted) {
      socket?.accept();
      socket?.close(1000);
      return;
    }
    // Only now, because the credential may have ended before the object knew of this socket.
    if (socket || this.#failures === 0) this.#watch.checkSoon();
    if (!socket) {
      void this.#reopen();
      return;
    }
    this.#failures = 0;
    this.#socket = socket;
    socket.addEventListener("close", ({ code, reason }) => {
      this.#socket = undefined;
      if (this.#closed.signal.aborted) return;
      if (!this.#watch.hasEndedBy(code, reason)) void this.#reopen();
    });
    socket.accept();
  }

  close(): void {
    this.#closed.abort();
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#closed;
    const waitMs = Math.min(reopenMs * 2 ** this.#failures, reopenMaxMs);
    this.#failures += 1;
    await delay(waitMs, AbortSignal.any([signal, this.#watch.ended]));
    if (signal.aborted || this.#watch.ended.aborted) return;
    // A place that another subscription has taken meanwhile is tried for again.
    await this.open().catch(() => this.#reopen());
  }
}

/**
 * Responds while holding a place, which is free again when the response has been made or, for
 * server-sent events, when they end or the reader leaves. The end of the viewer's session or token
 * ends both.
 *
 * @throws AppError RATE_LIMITED; UNAUTHENTICATED when the credential ends; what `respond` throws
 */
export async function inPlace(ctx: Context, respond: () => Promise<Response>): Promise<Response> {
  const { ended, free } = await takePlace(ctx);
  const end = whenAborted(ended);
  try {
    const response = await Promise.race([respond(), end.then(() => Promise.reject(ended.reason))]);
    const isStream = response.headers.get("content-type") === "text/event-stream";
    if (isStream && response.body) {
      return new Response(freeAtEnd(response.body, end, free), response);
    }
    free();
    return response;
  } catch (error) {
    free();
    throw error;
  }
}

/** @param end ends the stream early; its reader reconnects, and is refused then */
function freeAtEnd(
  body: ReadableStream<Uint8Array>,
  end: Promise<void>,
  free: FreePlace,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const ended = end.then(() => ({ done: true, value: undefined }) as const);
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await Promise.race([reader.read(), ended]);
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        free();
        await reader.cancel().catch(() => undefined);
      },
      cancel(reason) {
        free();
        return reader.cancel(reason);
      },
    },
    // Reads nothing before the client asks for it.
    { highWaterMark: 0 },
  );
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** The error for one subscription too many. */
export function tooManyOpen(): AppError {
  return new AppError(
    "RATE_LIMITED",
    "Too many live connections are open. Close some tabs, then try again.",
  );
}
