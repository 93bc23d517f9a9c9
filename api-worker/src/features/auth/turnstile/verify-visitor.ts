/**
 * Turnstile: asks Cloudflare whether a visitor has passed the check of the page, before a guest
 * session or an account begins. Off unless the operator has set both of its keys.
 *
 * @see https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
 */
import { z } from "zod";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { servicesOf } from "../../../platform/outbound.ts";
import { logAuthEvent } from "../auth-events.ts";

/** Of one call. The visitor waits for it. */
const callMaxMs = 5_000;
const maxTries = 2;

const responseSchema = z.object({
  success: z.boolean(),
  "error-codes": z.array(z.string()).default([]),
});

/** Codes that are about the visitor's token. All others are about our request, or Cloudflare. */
const tokenCodes: ReadonlySet<string> = new Set([
  "missing-input-response",
  "invalid-input-response",
  "timeout-or-duplicate",
]);

type Verdict =
  | { readonly kind: "passed" }
  | { readonly kind: "refused"; readonly reason: string }
  /** Cloudflare has not said either. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Lets a visitor pass whose token is good. Cloudflare accepts each token once. Does nothing when
 * Turnstile is off.
 *
 * Without an answer no visitor passes: a check that opens when it breaks is one that an attacker breaks.
 * Visitors with a session or an account are not affected.
 *
 * @param token from the page; undefined when it sent none
 * @throws AppError INVALID for a missing, wrong, used or expired token; UPSTREAM_FAILED when
 *   Cloudflare does not say
 */
export async function verifyVisitor(
  ctx: Pick<Context, "env" | "log" | "request">,
  token: string | undefined,
): Promise<void> {
  const { turnstile } = servicesOf(ctx.env);
  if (!turnstile) return;
  const verdict = token
    ? await askTwice(turnstile, token, ctx.request.address)
    : ({ kind: "refused", reason: "missing" } as const);
  if (verdict.kind === "passed") return;
  logAuthEvent(ctx, "auth.visitor_refused", null, { reason: verdict.reason });
  if (verdict.kind === "unknown") {
    const message = "We couldn’t check that you’re human. Try again in a moment.";
    throw new AppError("UPSTREAM_FAILED", message, { detail: verdict.reason });
  }
  const message =
    verdict.reason === "timeout-or-duplicate"
      ? "The check that you’re human has expired. Complete it again."
      : "Complete the check that you’re human, then try again.";
  throw new AppError("INVALID", message, { fields: { turnstileToken: message } });
}

type Service = NonNullable<ReturnType<typeof servicesOf>["turnstile"]>;

/** The same key with both calls, or the second would find the token used. */
async function askTwice(service: Service, token: string, address: string): Promise<Verdict> {
  const idempotencyKey = crypto.randomUUID();
  let verdict: Verdict = { kind: "unknown", reason: "not asked" };
  for (let tries = 0; tries < maxTries && verdict.kind === "unknown"; tries += 1) {
    verdict = await ask(service, {
      secret: service.secret,
      response: token,
      ...(address !== "local" && { remoteip: address }),
      idempotency_key: idempotencyKey,
    });
  }
  return verdict;
}

async function ask(service: Service, body: Record<string, string>): Promise<Verdict> {
  try {
    const response = await service.fetch(`${service.url}/turnstile/v0/siteverify`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(callMaxMs),
    });
    const parsed = responseSchema.safeParse(await response.json());
    if (!parsed.success) return { kind: "unknown", reason: "unreadable" };
    const { success, "error-codes": codes } = parsed.data;
    if (success) return { kind: "passed" };
    const known = codes.find((code) => tokenCodes.has(code));
    if (known) return { kind: "refused", reason: known };
    return { kind: "unknown", reason: codes.find((code) => /^[a-z-]{1,40}$/.test(code)) ?? "none" };
  } catch (error) {
    return { kind: "unknown", reason: error instanceof Error ? error.name : "failed" };
  }
}
