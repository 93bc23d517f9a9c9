import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { guestBudget } from "../src/features/limits/guests/guest-budget.ts";
import { utcDay } from "../src/platform/utc-day.ts";

/** Resets storage for a test file to its state before the first request: tables without rows. */
export async function renewStorage(): Promise<void> {
  await wakeStorage();
  await reset();
  await Promise.all([migrateFirst(), migrateContent(env.CONTENT_1)]);
}

/**
 * Loads the databases, the bucket and the namespace into memory. In the runtime they are objects
 * too, which leave it after ten idle seconds, and `reset` deletes only what is in memory. It leaves
 * out chats, users and streams that were idle, but those have random names, so no later test meets
 * them.
 */
async function wakeStorage(): Promise<void> {
  await Promise.all([
    env.FILES.list({ limit: 1 }),
    env.STREAMS.list({ limit: 1 }),
    // The one object whose name is not random.
    guestBudget(env, utcDay(Date.now())).read(null),
    ...[env.HOME, env.CONTENT_1].map((database) => database.prepare("SELECT 1").run()),
  ]);
}

/** HOME and CONTENT_0 are one database, so they are migrated one after the other. */
async function migrateFirst(): Promise<void> {
  await applyD1Migrations(env.HOME, env.HOME_MIGRATIONS, "migrations_home");
  await migrateContent(env.CONTENT_0);
}

function migrateContent(database: D1Database): Promise<void> {
  return applyD1Migrations(database, env.CONTENT_MIGRATIONS, "migrations_content");
}
