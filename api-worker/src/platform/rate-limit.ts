import { AppError } from "../errors.ts";
import { countedAddress } from "./local-machine.ts";

/** The period of every limit in wrangler.toml. The platform does not say when a window ends. */
const rateLimitPeriodSeconds = 60;

/**
 * Counts one attempt.
 *
 * @param limit a rate limit binding of wrangler.toml
 * @param key what is counted; never a secret or a person's address in plain text
 * @throws AppError RATE_LIMITED after too many attempts, with the longest possible wait
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 */
export async function countTry(limit: RateLimit, key: string): Promise<void> {
  const { success } = await limit.limit({ key });
  if (success) return;
  throw new AppError("RATE_LIMITED", "Too many attempts. Wait a minute, then try again.", {
    retryAfterSeconds: rateLimitPeriodSeconds,
  });
}

/**
 * Counts a read of a chat or file that is not the viewer's own, by the client's address. Skipped on
 * a local machine.
 *
 * @throws AppError RATE_LIMITED
 */
export async function countPublicRead({
  env,
  request,
}: {
  readonly env: Pick<Env, "READ_BY_ADDRESS">;
  readonly request: { readonly url: URL; readonly address: string };
}): Promise<void> {
  const address = countedAddress(request);
  if (address !== null) await countTry(env.READ_BY_ADDRESS, address);
}
