/**
 * Limits that administrators have set, in `ownerLimits` of the home database, for one user or for a
 * role. They are columns of the query that finds the user, so they cost no extra round trip.
 */
import { type HomeDb, type LimitName, sql } from "db";
import { z } from "zod";
import type { StoredLimits } from "../../viewer.ts";

const count = z.int().min(1);

const storedLimitsSchema: z.ZodType<StoredLimits> = z
  .object({
    messagesPerDay: count.nullable(),
    tokensPerDay: count.nullable(),
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
] as const;

interface StoredLimitRow {
  readonly userLimits: string;
  readonly roleLimits: string;
}

/** Reads {@link storedLimitColumns}. A limit of the user takes precedence over one of the role. */
export function parseStoredLimits({ userLimits, roleLimits }: StoredLimitRow): StoredLimits {
  return storedLimitsSchema.parse({ ...JSON.parse(roleLimits), ...JSON.parse(userLimits) });
}

/** The facts about a user that decide the user's limits. */
export interface LimitFacts {
  readonly isGuest: boolean;
  readonly storedLimits: StoredLimits;
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
    .select(["users.isGuest", ...storedLimitColumns])
    .where("users.id", "=", userId);
}

/** Reads a row of {@link limitFactsQuery}. */
export function toLimitFacts(row: StoredLimitRow & { readonly isGuest: number }): LimitFacts {
  return { isGuest: row.isGuest === 1, storedLimits: parseStoredLimits(row) };
}
