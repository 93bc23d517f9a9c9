/**
 * Sign-in tries. Only failures count: by account, from anywhere, and by the client's address, for
 * any account. A browser that has logged in to an account before counts by itself, so others cannot
 * lock the owner out. Addresses without an account count alike.
 */
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { countedAddress } from "../../../platform/local-machine.ts";
import { countTry } from "../../../platform/rate-limit.ts";
import { sha256Hex } from "../../../platform/sha256.ts";
import { logAuthEvent } from "../auth-events.ts";
import { findUserByEmail } from "../queries.ts";
import { browserKey, rememberBrowser } from "./known-browser.ts";
import type { Tryer, TryPolicy, TryVerdict } from "./try-ledger.ts";

const minuteMs = 60_000;

/** At most 10 guesses at once, and then about 100 a day. */
const accountPolicy: TryPolicy = {
  freeTries: 10,
  firstWaitMs: minuteMs,
  longestWaitMs: 15 * minuteMs,
  forgottenAfterMs: 24 * 60 * minuteMs,
};
/** More, and for a shorter time, because many people may share an address. */
const addressPolicy: TryPolicy = {
  freeTries: 20,
  firstWaitMs: minuteMs,
  longestWaitMs: 5 * minuteMs,
  forgottenAfterMs: 30 * minuteMs,
};

type Tries = Pick<Context, "env" | "home" | "request" | "resHeaders" | "log">;
type Taken = Extract<TryVerdict, { kind: "taken" }>;

/** The account whose password is tried. */
interface Guess {
  /** In canonical form. */
  readonly email: string;
  /** A session of the account, which counts by itself; null before a login. */
  readonly sessionId: string | null;
}

/**
 * Compares a password as one try. The try counts as failed before the comparison begins, and no
 * longer when it succeeds. Then the browser is known to the account.
 *
 * @param compare returns null for a wrong password. A try in which it throws does not count
 * @throws AppError RATE_LIMITED when the account or the address has to wait
 */
export async function asTry<Result>(
  ctx: Tries,
  guess: Guess,
  compare: () => Promise<Result | null>,
): Promise<Result | null> {
  const { taken, account, address } = await takeTry(ctx, guess);
  let result: Result | null;
  try {
    result = await compare();
  } catch (error) {
    await account.giveBack(taken.bucket);
    await address?.giveBack(taken.bucket);
    throw error;
  }
  if (result !== null) {
    const browser = browserKey(rememberBrowser(ctx), guess.email);
    await account.succeed(taken.bucket, browser);
    await address?.giveBack(taken.bucket);
  }
  return result;
}

/** Lets every browser count as a stranger to the account, but not one that logs in after this. */
export async function forgetBrowsers(ctx: Pick<Tries, "env">, email: string): Promise<void> {
  await accountObject(ctx, email).forgetBrowsers();
}

/** Lets this browser count by itself at the account from now on, as after a login. */
export async function knowBrowser(ctx: Tries, email: string): Promise<void> {
  // No try was taken, so there is none to give back: the bucket is one that does not exist.
  await accountObject(ctx, email).succeed("none", browserKey(rememberBrowser(ctx), email));
}

/**
 * Takes a try from the client's address and from the account. It stays with the address only when
 * the browser is a stranger to the account.
 */
async function takeTry(ctx: Tries, { email, sessionId }: Guess) {
  const { browserSecret } = ctx.request;
  const tryer = {
    browser: browserSecret && browserKey(browserSecret, email),
    session: sessionId && sha256Hex(sessionId),
  };
  const anyone: Tryer = { browser: null, session: null, isOnlyKnown: false };
  const address = addressObject(ctx);
  const byAddress = (await address?.take(addressPolicy, anyone)) ?? null;
  const isOnlyKnown = byAddress?.kind === "refused";
  const account = accountObject(ctx, email);
  const byAccount = await account.take(accountPolicy, { ...tryer, isOnlyKnown });
  const isWithAddress = byAccount.kind === "taken" && isStranger(byAccount);
  if (byAddress?.kind === "taken" && !isWithAddress) await address?.giveBack(byAddress.bucket);
  if (byAccount.kind === "taken") {
    return { taken: byAccount, account, address: isWithAddress ? address : null };
  }
  const refused = byAccount.kind === "refused" ? byAccount : byAddress;
  const waitMs = refused?.kind === "refused" ? refused.waitMs : 0;
  const known = await findUserByEmail(ctx.home, email);
  logAuthEvent(ctx, "auth.login_delayed", known?.userId ?? null, { waitMs });
  throw mustWait(waitMs);
}

/** Strangers to the account are in the bucket without a name. */
function isStranger({ bucket }: Taken): boolean {
  return bucket === "";
}

/** Rounded up to minutes, so that it tells little about the tries of others. */
function mustWait(waitMs: number): AppError {
  const minutes = Math.max(1, Math.ceil(waitMs / minuteMs));
  const wait = minutes === 1 ? "a minute" : `${minutes} minutes`;
  return new AppError("RATE_LIMITED", `Too many attempts. Wait ${wait}, then try again.`, {
    retryAfterSeconds: minutes * 60,
  });
}

function accountObject({ env }: Pick<Tries, "env">, email: string) {
  return env.SIGN_IN.get(env.SIGN_IN.idFromName(`account ${sha256Hex(email)}`));
}

/** @returns null on a local machine */
function addressObject({ env, request }: Tries) {
  const address = countedAddress(request);
  return address === null ? null : env.SIGN_IN.get(env.SIGN_IN.idFromName(`address ${address}`));
}

/**
 * Counts a login by the client's address, right or wrong, because each costs a hash. A new password
 * with a link counts alike.
 *
 * @throws AppError RATE_LIMITED
 */
export async function countLogIn(ctx: Tries): Promise<void> {
  await countByAddress(ctx, ctx.env.LOGIN_BY_ADDRESS);
}

/**
 * Counts a sign-up by the client's address.
 *
 * @throws AppError RATE_LIMITED
 */
export async function countSignUp(ctx: Tries): Promise<void> {
  await countByAddress(ctx, ctx.env.SIGNUP_BY_ADDRESS);
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

/** Skipped on a local machine. */
async function countByAddress({ request }: Tries, limit: RateLimit, prefix = ""): Promise<void> {
  const address = countedAddress(request);
  if (address !== null) await countTry(limit, prefix + address);
}
