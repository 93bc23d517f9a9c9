/** Bounds how fast subscriptions and live reads are opened, before anything is looked up for them. */
import { TokenBuckets } from "../../contracts/token-buckets.ts";
import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { countedAddress } from "../../platform/local-machine.ts";
import { sha256Hex } from "../../platform/sha256.ts";

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
  const counted = countedAddress({ url, address });
  // Asked first and counted last: what the address refuses costs no hash, and a client that is
  // refused uses up nothing of an address that others share.
  if (counted === null || addresses.left(counted) >= 1) {
    // A made-up secret may be of any length, and is remembered as its hash.
    if (credential === null || clients.take(sha256Hex(credential))) {
      if (counted !== null) addresses.spend(counted, 1);
      return;
    }
  }
  throw new AppError(
    "RATE_LIMITED",
    "Too many live connections were opened at once. Try again in a moment.",
    { retryAfterSeconds: 1 },
  );
}
