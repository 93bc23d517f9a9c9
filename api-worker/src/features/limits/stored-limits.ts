/**
 * What administrators have set: limits for one user or for a role, in `ownerLimits` of the home
 * database, and the settings of the site. They are columns of the query that finds the user, so they
 * cost no extra round trip, and each request has them as they are now.
 */
import { type HomeDb, type LimitName, type Role, sql } from "db";
import { z } from "zod";
import type { StoredSettings } from "../../contracts/site-settings.ts";
import { parseStoredSettings, storedSettingsColumn } from "../../platform/site-settings.ts";
import type { StoredLimits } from "../../viewer.ts";

const count = z.int().min(1);

const storedLimitsSchema: z.ZodType<StoredLimits> = z
  .object({
    messagesPerDay: count.nullable(),
    tokensPerDay: count.nullable(),
    costPerDayNanos: count.nullable(),
    costPerMonthNanos: count.nullable(),
    storageMaxBytes: count.nullable(),
    storageMaxMessages: count.nullable(),
    pictureMaxBytes: count,
    fileMaxBytes: count,
  } satisfies Record<LimitName, z.ZodType>)
  .partial();

/**
 * Columns for a query over `users`. When a left join finds no user, they have the limits of a new
 * guest.
 */
export const storedLimitColumns = [
  sql<string>`(SELECT json_group_object(name, value) FROM ownerLimits
    WHERE ownerLimits.userId = users.id)`.as("userLimits"),
  sql<string>`(SELECT json_group_object(name, value) FROM ownerLimits
    WHERE ownerLimits.role = iif(users.isGuest = 0, users.role, 'guest'))`.as("roleLimits"),
  storedSettingsColumn,
] as const;

interface StoredLimitRow {
  readonly userLimits: string;
  readonly roleLimits: string;
  readonly siteSettings: string | null;
}

/** What is stored for a user. A limit of the user takes precedence over one of the role. */
export interface StoredFacts {
  readonly storedLimits: StoredLimits;
  readonly storedSettings: StoredSettings;
}

/** Reads {@link storedLimitColumns}. */
export function parseStored({ userLimits, roleLimits, siteSettings }: StoredLimitRow): StoredFacts {
  const limits = { ...JSON.parse(roleLimits), ...JSON.parse(userLimits) };
  return {
    storedLimits: storedLimitsSchema.parse(limits),
    storedSettings: parseStoredSettings(siteSettings),
  };
}

/** The facts about a user that decide the user's limits. */
export interface LimitFacts extends StoredFacts {
  readonly isGuest: boolean;
  readonly role: Role;
}

/** Finds a user's facts by id, for code that has no viewer; undefined for an unknown id. */
export async function findLimitFacts(
  home: HomeDb,
  userId: string,
): Promise<LimitFacts | undefined> {
  const row = await limitFactsQuery(home, userId).executeTakeFirst();
  return row && toLimitFacts(row);
}

/** The query for a user's facts, for callers that add conditions. */
export function limitFactsQuery(home: HomeDb, userId: string) {
  return home.kysely
    .selectFrom("users")
    .select(["users.isGuest", "users.role", ...storedLimitColumns])
    .where("users.id", "=", userId);
}

/** Reads a row of {@link limitFactsQuery}. */
export function toLimitFacts(
  row: StoredLimitRow & { readonly isGuest: number; readonly role: Role },
): LimitFacts {
  return { isGuest: row.isGuest === 1, role: row.role, ...parseStored(row) };
}
