/** All limits of one owner. A stored limit comes first, then that of the role, then the settings. */
import type { OwnerContext } from "../../context.ts";
import { type SettingsEnv, settingsOf } from "../../platform/settings.ts";
import type { DayLimits } from "./quota.ts";
import { findLimitFacts, type LimitFacts } from "./stored-limits.ts";

/** How much a file, and all of an owner's files, may have, in bytes. */
export interface UploadLimits {
  readonly pictureMaxBytes: number;
  /** Of any other file. */
  readonly fileMaxBytes: number;
  readonly pdfMaxBytes: number;
  /** null: no limit. */
  readonly storageMaxBytes: number | null;
}

export interface Limits {
  readonly day: DayLimits;
  readonly uploads: UploadLimits;
}

/** A PDF is in memory as a whole while its text is read. */
const pdfMostBytes = 20 * 1024 * 1024;

/** @param owner a viewer, or what {@link findLimitFacts} has found */
export function limitsOf(env: SettingsEnv, { isGuest, storedLimits }: LimitFacts): Limits {
  const settings = settingsOf(env);
  const usual = isGuest ? settings.guest : settings.account;
  const {
    messagesPerDay = usual.messages,
    tokensPerDay = usual.tokens,
    storageMaxBytes = usual.storageMaxBytes,
    pictureMaxBytes = settings.pictureMaxBytes,
    fileMaxBytes = settings.fileMaxBytes,
  } = storedLimits;
  const pdfMaxBytes = Math.min(fileMaxBytes, pdfMostBytes);
  return {
    day: { messages: messagesPerDay, tokens: tokensPerDay },
    uploads: { pictureMaxBytes, fileMaxBytes, pdfMaxBytes, storageMaxBytes },
  };
}

/**
 * The limits of an owner, read by the owner's id: for code that has no viewer. One query to the home
 * database.
 *
 * @throws when there is no such user
 */
export async function limitsOfOwner({ env, home, userId }: OwnerContext): Promise<Limits> {
  const facts = await findLimitFacts(home, userId);
  if (!facts) throw new Error(`User ${userId} is not in the home database.`);
  return limitsOf(env, facts);
}
