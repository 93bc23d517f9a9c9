import { AppError } from "../errors.ts";

/** The period of every limit in wrangler.toml. The platform does not tell when a window ends. */
export const rateLimitPeriodSeconds = 60;

/**
 * Counts one try.
 *
 * @param limit a rate limit binding of wrangler.toml
 * @param key who or what is counted; never a secret or an address of a person in clear
 * @throws AppError RATE_LIMITED when there were too many, with the longest time it can last
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 */
export async function countTry(limit: RateLimit, key: string): Promise<void> {
  const { success } = await limit.limit({ key });
  if (success) return;
  throw new AppError("RATE_LIMITED", "Too many tries. Please wait a minute, then try again.", {
    retryAfterSeconds: rateLimitPeriodSeconds,
  });
}

/**
 * The key of a client's address. One household or server has a whole /64 of IPv6 addresses, so
 * that is what counts as one client; IPv4 counts as it is.
 *
 * @param address from `CF-Connecting-IP`
 */
export function addressKey(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  const prefix = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${prefix.join(":")}::/64`;
}
