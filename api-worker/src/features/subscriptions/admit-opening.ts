/** Bounds how fast subscriptions and live reads are opened, before anything is looked up for them. */
import { addressKey } from "../../contracts/client-address.ts";
import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { isLocalRequest } from "../../platform/local-machine.ts";
import { TokenBuckets } from "../../platform/token-buckets.ts";

/**
 * An opening costs reads of the session and the chats, and a socket to the user's object. A browser
 * opens a few, and opens them again when the network is back.
 */
export const openingsOfClient = { burst: 30, perSecond: 10 };
/** Many accounts may share an address. */
export const openingsOfAddress = { burst: 300, perSecond: 50 };

const clients = new TokenBuckets(openingsOfClient, systemClock);
const addresses = new TokenBuckets(openingsOfAddress, systemClock);

/**
 * Counts the opening of a subscription or live read.
 *
 * @param opening the address, and the cookie or token that the request has, right or wrong
 * @throws AppError RATE_LIMITED
 */
export function admitOpening({
  url,
  address,
  credential,
}: {
  readonly url: URL;
  readonly address: string;
  readonly credential: string | null;
}): void {
  const isAdmitted = credential === null || clients.take(credential);
  // On a local machine all clients have the same address.
  const isLocal = isLocalRequest({ url, address });
  if (isAdmitted && (isLocal || addresses.take(addressKey(address)))) return;
  throw new AppError(
    "RATE_LIMITED",
    "Too many live connections were opened at once. Try again in a moment.",
    { retryAfterSeconds: 1 },
  );
}
