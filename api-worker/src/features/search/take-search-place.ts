/** Bounds how many searches run or wait at once, before any of them costs something. */
import type { UserContext } from "../../context.ts";
import { limits } from "../../contracts/limits.ts";
import { AppError } from "../../errors.ts";
import { countedAddress } from "../../platform/local-machine.ts";
import { Places } from "../../platform/places.ts";

const placesOfUsers = new Places(limits.searchesPerUserMax);
const placesOfAddresses = new Places(limits.searchesPerAddressMax);
const allPlaces = new Places(limits.searchesMax);
const retryAfterSeconds = 1;

/**
 * Takes a place among the searches of the viewer, for a guest among those of the address, and among
 * all in this isolate. The user's search object bounds the user's in all isolates together.
 *
 * @returns a function that frees the place
 * @throws AppError RATE_LIMITED
 */
export function takeSearchPlace({ viewer, request }: Pick<UserContext, "viewer" | "request">) {
  const address = viewer.isGuest ? countedAddress(request) : null;
  const taken: (() => void)[] = [];
  const free = () => {
    for (const freeOne of taken) freeOne();
  };
  const wanted = [
    placesOfUsers.take(viewer.userId),
    address === null ? () => undefined : placesOfAddresses.take(address),
    allPlaces.take("all"),
  ];
  for (const place of wanted) if (place) taken.push(place);
  if (taken.length === wanted.length) return free;
  free();
  throw tooManySearches();
}

/** The error for one search too many. The page tries it again by itself. */
export function tooManySearches(): AppError {
  return new AppError("RATE_LIMITED", "Too many searches at once. Try again in a moment.", {
    retryAfterSeconds,
  });
}
