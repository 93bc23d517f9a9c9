import type { Context } from "../../../context.ts";
import { isLocalRequest } from "../../../platform/local-machine.ts";
import { addressKey, countTry } from "../../../platform/rate-limit.ts";
import { sha256Hex } from "../../../platform/sha256.ts";

type Tries = Pick<Context, "env" | "request">;

/**
 * Counts a login, by the client's address (one guesser, many accounts) and by e-mail (many
 * guessers, one account).
 *
 * @throws AppError RATE_LIMITED
 */
export async function countLogIn(ctx: Tries, email: string): Promise<void> {
  await countByAddress(ctx, ctx.env.LOGIN_BY_ADDRESS);
  await countByEmail(ctx, email);
}

/**
 * Counts a sign-up, by the client's address, and by e-mail together with logins: for an address
 * that has an account it is a guess at the password like any other.
 *
 * @throws AppError RATE_LIMITED
 */
export async function countSignUp(ctx: Tries, email: string): Promise<void> {
  await countByAddress(ctx, ctx.env.SIGNUP_BY_ADDRESS);
  await countByEmail(ctx, email);
}

/**
 * Counts a guest, by the client's address: once when the session starts, and once when the first
 * message makes a row of it.
 *
 * @throws AppError RATE_LIMITED
 */
export async function countGuest(ctx: Tries, step: "start" | "row"): Promise<void> {
  await countByAddress(ctx, ctx.env.GUEST_BY_ADDRESS, `${step} `);
}

/** On a local machine everyone has the same address, so there it says nothing. */
async function countByAddress({ request }: Tries, limit: RateLimit, prefix = ""): Promise<void> {
  if (!isLocalRequest(request)) await countTry(limit, prefix + addressKey(request.address));
}

async function countByEmail({ env }: Tries, email: string): Promise<void> {
  await countTry(env.LOGIN_BY_EMAIL, sha256Hex(email));
}
