/** The limits of a chat's owner at the time of a restart, which no request of the owner brings. */
import { createHomeDb } from "db";
import { guestLimitsAt } from "../../../limits/guests/guest-budget.ts";
import { limitsOf, type UploadLimits } from "../../../limits/limits-of.ts";
import type { TurnLimits } from "../../../limits/quota.ts";
import { siteLimitsOf } from "../../../limits/site/site-budget.ts";
import type { StorageLimits } from "../../../limits/storage.ts";
import { limitFactsQuery, toLimitFacts } from "../../../limits/stored-limits.ts";
import { modelTermsOf } from "../../../models/model-terms.ts";
import type { TermsOfModels } from "../../../models/terms.ts";
import type { TurnRow } from "../turn-store.ts";

export interface OwnerLimits {
  readonly dayLimits: TurnLimits;
  readonly storage: StorageLimits;
  readonly uploads: UploadLimits;
  readonly models: TermsOfModels;
}

/**
 * Reads the limits that a turn's owner has now.
 *
 * @returns null when the owner may start no turn any more: deleted, disabled, or a guest whose chats
 *   moved to an account
 * @throws what D1 throws
 */
export async function findOwnerLimits(
  env: Env,
  { userId, guestAddress, isBudgeted }: Pick<TurnRow, "userId" | "guestAddress" | "isBudgeted">,
): Promise<OwnerLimits | null> {
  const row = await limitFactsQuery(createHomeDb(env.HOME), userId)
    .where("users.disabledAt", "is", null)
    .where("users.carriedToUserId", "is", null)
    .executeTakeFirst();
  if (!row) return null;
  const facts = toLimitFacts(row);
  const { day, storage, uploads } = limitsOf(env, facts);
  const guests = guestLimitsAt(env, guestAddress);
  // A turn that began without a budget does not tell its end, so no run of it counts there.
  const site = isBudgeted ? siteLimitsOf(env, facts.storedSettings) : undefined;
  const dayLimits = { ...day, ...(site && { site }), ...(facts.isGuest && { guests }) };
  return { dayLimits, storage, uploads, models: modelTermsOf(env, facts) };
}
