/**
 * All limits of an owner. A stored limit of the user takes precedence over one of the role, and
 * that over the settings.
 */
import type { OwnerContext } from "../../context.ts";
import { type SettingsEnv, settingsOf } from "../../platform/settings.ts";
import type { DayLimits } from "./quota.ts";
import type { StorageLimits } from "./storage.ts";
import { findLimitFacts, type LimitFacts } from "./stored-limits.ts";

/** Sizes of a file, in bytes. */
export interface UploadLimits {
  readonly pictureMaxBytes: number;
  /** For files that are not pictures. */
  readonly fileMaxBytes: number;
  readonly pdfMaxBytes: number;
}

export interface Limits {
  readonly day: DayLimits;
  readonly uploads: UploadLimits;
  readonly storage: StorageLimits;
}

/** A PDF is completely in memory while its text is extracted. */
const pdfMostBytes = 20 * 1024 * 1024;

/** @param owner a viewer, or what {@link findLimitFacts} has found */
export function limitsOf(
  env: SettingsEnv,
  { isGuest, storedLimits }: Pick<LimitFacts, "isGuest" | "storedLimits">,
): Limits {
  const settings = settingsOf(env);
  const usual = isGuest ? settings.guest : settings.account;
  const {
    messagesPerDay = usual.messages,
    tokensPerDay = usual.tokens,
    costPerDayNanos = null,
    costPerMonthNanos = null,
    storageMaxBytes = usual.storageMaxBytes,
    storageMaxMessages = usual.storageMaxMessages,
    pictureMaxBytes = settings.pictureMaxBytes,
    fileMaxBytes = settings.fileMaxBytes,
  } = storedLimits;
  const pdfMaxBytes = Math.min(fileMaxBytes, pdfMostBytes);
  return {
    day: {
      messages: messagesPerDay,
      tokens: tokensPerDay,
      costNanos: costPerDayNanos,
      monthCostNanos: costPerMonthNanos,
    },
    uploads: { pictureMaxBytes, fileMaxBytes, pdfMaxBytes },
    storage: {
      maxBytes: storageMaxBytes,
      maxMessages: storageMaxMessages,
      answerMaxBytes: settings.answer.contentMaxBytes,
    },
  };
}

/**
 * Reads the limits of an owner by id, for code that has no viewer. One query to the home database.
 *
 * @throws when there is no such user
 */
export async function limitsOfOwner({ env, home, userId }: OwnerContext): Promise<Limits> {
  const facts = await findLimitFacts(home, userId);
  if (!facts) throw new Error(`User ${userId} is not in the home database.`);
  return limitsOf(env, facts);
}
