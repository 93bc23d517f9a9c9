/** Bounds how many subscriptions and live reads are open at once. */
import type { Context } from "../../context.ts";
import { addressKey } from "../../contracts/client-address.ts";
import { limits } from "../../contracts/limits.ts";
import { AppError } from "../../errors.ts";
import { isLocalRequest } from "../../platform/local-machine.ts";
import { openUserSocket } from "../../platform/user-object.ts";
import { AddressPlaces } from "./address-places.ts";

/** Frees a place. May be called more than once. */
export type FreePlace = () => void;

const places = new AddressPlaces(limits.subscriptionsPerAddressMax);

/**
 * Takes a place among the open subscriptions of the caller's address. Accounts need none: each has
 * a bound of its own, and many of them may share an address.
 *
 * @throws AppError RATE_LIMITED
 */
export function takeAddressPlace({ viewer, request }: Context): FreePlace {
  // On a local machine all clients have the same address.
  if ((viewer && !viewer.isGuest) || isLocalRequest(request)) return () => undefined;
  const free = places.take(addressKey(request.address));
  if (!free) throw tooManyOpen();
  return free;
}

/**
 * Takes a place among the open subscriptions of the address and of the viewer. The viewer's are
 * counted by the user's object, as sockets, which close with the request whatever becomes of it.
 * When the object cannot be reached the subscription is not counted.
 *
 * @throws AppError RATE_LIMITED
 */
export async function takePlace(ctx: Context): Promise<FreePlace> {
  const freeAddress = takeAddressPlace(ctx);
  if (!ctx.viewer) return freeAddress;
  const { userId, credential } = ctx.viewer;
  try {
    const response = await openUserSocket(ctx.env, userId, "place", credential).catch(() => null);
    if (response?.status === 429) throw tooManyOpen();
    const socket = response?.webSocket;
    socket?.accept();
    return () => {
      freeAddress();
      socket?.close(1000);
    };
  } catch (error) {
    freeAddress();
    throw error;
  }
}

/**
 * Responds while holding a place, which is free again when the response has been made or, for
 * server-sent events, when they end or the reader leaves.
 *
 * @throws AppError RATE_LIMITED; what `respond` throws
 */
export async function inPlace(ctx: Context, respond: () => Promise<Response>): Promise<Response> {
  const free = await takePlace(ctx);
  try {
    const response = await respond();
    const isStream = response.headers.get("content-type") === "text/event-stream";
    if (isStream && response.body) return new Response(freeAtEnd(response.body, free), response);
    free();
    return response;
  } catch (error) {
    free();
    throw error;
  }
}

function freeAtEnd(body: ReadableStream<Uint8Array>, free: FreePlace): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        free();
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

/** The error for one subscription too many. */
export function tooManyOpen(): AppError {
  return new AppError(
    "RATE_LIMITED",
    "Too many live connections are open. Close some tabs, then try again.",
  );
}
