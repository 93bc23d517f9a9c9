import type { Context } from "../../../context.ts";
import { isLocalRequest } from "../../../platform/local-machine.ts";
import { addressKey, countTry } from "../../../platform/rate-limit.ts";
import { sha256Hex } from "../../../platform/sha256.ts";

type Tries = Pick<Context, "env" | "request">;

/**
 * Counts a login by the client's address (one guesser, many accounts) and by email (many guessers,
 * one account).
 *
 * @throws AppError RATE_LIMITED
 */
export async function countLogIn(ctx: Tries, email: string): Promise<void> {
  await countByAddress(ctx, ctx.env.LOGIN_BY_ADDRESS);
  await countByEmail(ctx, email);
}

/**
 * Counts a sign-up by the client's address, and by email together with logins: signing up with the
 * address of an existing account is a guess at its password.
 *
 * @throws AppError RATE_LIMITED
 */
export async function countSignUp(ctx: Tries, email: string): Promise<void> {
  await countByAddress(ctx, ctx.env.SIGNUP_BY_ADDRESS);
  await countByEmail(ctx, email);
}

/**
 * Counts a guest by the client's address: once when the session starts, and once when the first
 * message creates the guest's row.
 *
 * @throws AppError RATE_LIMITED
 */
export async function countGuest(ctx: Tries, step: "start" | "row"): Promise<void> {
  await countByAddress(ctx, ctx.env.GUEST_BY_ADDRESS, `${step} `);
}

/** Skipped on a local machine, where all clients have the same address. */
async function countByAddress({ request }: Tries, limit: RateLimit, prefix = ""): Promise<void> {
  if (!isLocalRequest(request)) await countTry(limit, prefix + addressKey(request.address));
}

async function countByEmail({ env }: Tries, email: string): Promise<void> {
  await countTry(env.LOGIN_BY_EMAIL, sha256Hex(email));
}
